/*
 * Who is stopped by the terminal, and who by nobody: background processes and orphaned groups.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/stopping.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* --- orphaned groups */

static int grandchild(void *stop_itself) {
    setpgid(0, 0);
    signal(SIGHUP, note_shared);
    shared->pid = getpid();
    shared->stage = 1;
    if (stop_itself)
        raise(SIGSTOP);
    for (;;)
        pause();
    return 0;
}

/* Ends with a grandchild in a group of its own left behind. */
static int leave_behind(void *stop_itself) {
    pid_t pid = child_start(grandchild, stop_itself);

    wait_stage(1);
    if (stop_itself)
        stopped_by(pid, SIGSTOP);
    return 0;
}

static void test_orphans(void) {
    shared->stage = shared->calls = 0;
    child_run(leave_behind, (void *)1);
    CHECK("a stopped group that becomes orphaned gets SIGHUP and SIGCONT", shared_calls_reach(1));
    kill(shared->pid, SIGTSTP);
    usleep(10000);
    kill(shared->pid, SIGHUP);
    CHECK("an orphaned group is not stopped by SIGTSTP", shared_calls_reach(2));
    kill(shared->pid, SIGKILL);
    shared->stage = shared->calls = 0;
    child_run(leave_behind, NULL);
    usleep(10000);
    CHECK("one that runs gets nothing", shared->calls == 0);
    kill(shared->pid, SIGKILL);
}

/* --- the terminal */

static int read_terminal(void *unused) {
    char c;

    (void)unused;
    setpgid(0, 0);
    return (int)read(0, &c, 1);
}

static int write_terminal(void *ignore) {
    setpgid(0, 0);
    if (ignore)
        signal(SIGTTOU, SIG_IGN);
    return write(open("/dev/tty", O_WRONLY), "\n", 1) == 1 ? 0 : 1;
}

static int set_terminal(void *unused) {
    struct termios now;

    (void)unused;
    setpgid(0, 0);
    tcgetattr(0, &now);
    return tcsetattr(0, TCSANOW, &now) == 0 ? 0 : 1;
}

static int take_terminal(void *unused) {
    (void)unused;
    setpgid(0, 0);
    return tcsetpgrp(0, getpgrp()) == 0 ? 0 : 1;
}

/* An orphaned group in the background: an error instead of a stop. */
static int read_orphaned(void *unused) {
    pid_t pid = fork();
    char c;

    (void)unused;
    if (pid > 0)
        return 0;
    setpgid(0, 0);
    while (getppid() != 1)
        usleep(500);
    shared->calls = read(0, &c, 1) == -1 ? errno : 0;
    shared->stage = 1;
    _exit(0);
}

static void test_terminal(void) {
    struct termios usual, tostop;
    pid_t pid;

    tcgetattr(0, &usual);
    tostop = usual;
    tostop.c_lflag |= TOSTOP;
    pid = child_start(read_terminal, NULL);
    CHECK("a background read stops", stopped_by(pid, SIGTTIN));
    kill(pid, SIGCONT);
    CHECK("and again", stopped_by(pid, SIGTTIN));
    child_end(pid);
    CHECK("a background write does not", exited_with(child_run(write_terminal, NULL), 0));
    tcsetattr(0, TCSANOW, &tostop);
    pid = child_start(write_terminal, NULL);
    CHECK("with TOSTOP it does", stopped_by(pid, SIGTTOU));
    tcsetattr(0, TCSANOW, &usual);
    kill(pid, SIGCONT);
    CHECK("until it is off", exited_with(child_wait(pid), 0));
    tcsetattr(0, TCSANOW, &tostop);
    CHECK("or SIGTTOU ignored", exited_with(child_run(write_terminal, (void *)1), 0));
    tcsetattr(0, TCSANOW, &usual);
    pid = child_start(set_terminal, NULL);
    CHECK("settings are not for the background", stopped_by(pid, SIGTTOU));
    child_end(pid);
    pid = child_start(take_terminal, NULL);
    CHECK("nor is the foreground", stopped_by(pid, SIGTTOU));
    child_end(pid);
    shared->stage = shared->calls = 0;
    child_run(read_orphaned, NULL);
    wait_stage(1);
    CHECK("an orphan's read fails", shared->calls == EIO);
}

int main(void) {
    shared_make();
    test_orphans();
    test_terminal();
    return check_done();
}
