/*
 * script [-c COMMAND] [FILE]: a shell (or COMMAND) on a pseudo-terminal of its own; what it shows
 * also goes to FILE (typescript). Ends when the shell does.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "common/cmd.h"

static struct termios usual;
static bool on_terminal;        /* standard input is one */
static int master, record;

static void window_pass_on(int sig) {
    struct winsize window;
    (void)sig;
    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &window) == 0)
        ioctl(master, TIOCSWINSZ, &window);
}

/* Keys must reach the inner terminal as they are: that one makes signals and lines of them. */
static void terminal_raw(void) {
    struct termios raw = usual;
    cfmakeraw(&raw);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

static void run(const char *command) {
    if (command)
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    else
        execl("/bin/sh", "sh", (char *)NULL);
    cmd_die_errno("cannot run the shell");
}

/* Output of the inner terminal: false when nobody has it open any more. */
static bool show(void) {
    char text[1024];
    ssize_t size = read(master, text, sizeof(text));
    if (size <= 0)
        return size < 0 && errno == EINTR;
    if (cmd_write_all(STDOUT_FILENO, text, size) < 0 || cmd_write_all(record, text, size) < 0)
        cmd_warn_errno("cannot write");
    return true;
}

/* What is typed; after its end, the end-of-file key. False: it has ended. */
static bool type(void) {
    char text[256];
    ssize_t size = read(STDIN_FILENO, text, sizeof(text));
    if (size < 0 && errno == EINTR)
        return true;
    cmd_write_all(master, size > 0 ? text : "\4", size > 0 ? size : 1);
    return size > 0;
}

static void carry(void) {
    struct pollfd fds[2] = {
        { .fd = master, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN },
    };
    for (;;) {
        if (poll(fds, 2, -1) < 0)
            continue;           /* the window's size has changed */
        if (fds[0].revents && !show())
            break;
        if (fds[1].revents && !type())
            fds[1].fd = -1;
    }
}

int main(int argc, char **argv) {
    struct sigaction resize = { .sa_handler = window_pass_on };
    const char *command = NULL;
    int option, status;

    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "c:")) != -1) {
        if (option != 'c')
            cmd_usage("[-c COMMAND] [FILE]");
        command = optarg;
    }
    record = open(optind < argc ? argv[optind] : "typescript",
                  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (record < 0)
        cmd_die_errno("cannot open the record");
    on_terminal = tcgetattr(STDIN_FILENO, &usual) == 0;
    pid_t child = forkpty(&master, NULL, on_terminal ? &usual : NULL, NULL);
    if (child < 0)
        cmd_die_errno("no pseudo-terminal");
    if (child == 0)
        run(command);
    window_pass_on(0);
    sigaction(SIGWINCH, &resize, NULL);
    if (on_terminal)
        terminal_raw();
    carry();
    if (on_terminal)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &usual);
    close(master);
    if (waitpid(child, &status, 0) != child)
        cmd_die_errno("cannot wait");
    return cmd_end(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
