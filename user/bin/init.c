/*
 * init: the first program.  It gives the shell a terminal of its own, adopts and reaps
 * orphans, and ends with the shell's status when that exits: then the machine powers off.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

static const char shell_path[] = "/bin/sh";
static const char rc_path[] = "/etc/rc";

/* What every program inherits; values from the kernel's command line go first. */
static void set_environment(void) {
    setenv("PATH", "/bin", 0);
    setenv("HOME", "/", 0);
    setenv("TERM", "vt100", 0);
}

/* Waits for one child among all that may end meanwhile; returns its wait status. */
static int wait_for(pid_t wanted) {
    int wait_status = 0;

    for (;;) {
        pid_t pid = waitpid(-1, &wait_status, 0);

        if (pid == wanted)
            return wait_status;
        if (pid < 0 && errno != EINTR) {
            fprintf(stderr, "init: wait: %s\n", strerror(errno));
            exit(1);
        }
    }
}

static pid_t fork_or_exit(void) {
    pid_t pid = fork();

    if (pid < 0) {
        fprintf(stderr, "init: cannot fork: %s\n", strerror(errno));
        exit(1);
    }
    return pid;
}

/* A session of its own with the console as its terminal makes ^C work. */
static void take_terminal(void) {
    setsid();
    if (ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0)
        fprintf(stderr, "init: no controlling terminal: %s\n", strerror(errno));
}

static pid_t start(const char *const argv[]) {
    pid_t pid = fork_or_exit();

    if (pid > 0)
        return pid;
    take_terminal();
    execv(argv[0], (char *const *)argv);
    fprintf(stderr, "init: %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

/* /etc/rc may be a program; anything else that is there is a script. */
static void run_rc(void) {
    const char *const program[] = {rc_path, NULL};
    const char *const script[] = {shell_path, rc_path, NULL};

    if (access(rc_path, F_OK) == 0)
        wait_for(start(access(rc_path, X_OK) == 0 ? program : script));
}

/* Runs shells until one exits by itself; returns its status. */
static int run_shell(void) {
    const char *const argv[] = {shell_path, NULL};

    for (;;) {
        int wait_status = wait_for(start(argv));

        if (WIFEXITED(wait_status))
            return WEXITSTATUS(wait_status);
        fprintf(stderr, "init: the shell died of signal %d, starting another\n",
                WTERMSIG(wait_status));
        sleep(1); /* one that dies at once must not spin */
    }
}

/* Other systems' halt, poweroff and reboot ask their init, by these signals. */
static void end_machine(int signal) {
    reboot(signal == SIGTERM ? RB_AUTOBOOT : RB_POWER_OFF);
}

static void listen(void) {
    signal(SIGUSR1, end_machine); /* halt */
    signal(SIGUSR2, end_machine); /* poweroff */
    signal(SIGTERM, end_machine); /* reboot */
}

int main(void) {
    int status;

    listen();
    set_environment();
    run_rc();
    printf("Welcome to Trapdoor. Type `help` to see what is here.\n");
    fflush(stdout);
    status = run_shell();
    sync();
    return status;
}
