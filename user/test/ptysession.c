/*
 * Sessions on pseudo-terminals: keys, window size, who gets a terminal and how it is lost, and
 * hanging up while somebody reads, writes or polls.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/proc_text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 20 };

/* Shared with children: what they find. */
static volatile struct shared {
    int stage, signals, error;
    ssize_t result;
    pid_t pid;
} *shared;

static int master, slave;
static char name[24];

static volatile sig_atomic_t last;

static void note(int sig) {
    last = sig;
    shared->signals++;
}

static void handle(int sig) {
    struct sigaction action = { .sa_handler = note };

    sigaction(sig, &action, NULL);
}

static bool reaches(int stage) {
    for (int i = 0; i < 5000 && shared->stage < stage; i++)
        usleep(1000);
    return shared->stage >= stage;
}

/* A child in a session of its own with a new terminal, which runs body and exits with its result. */
static pid_t session_start(int (*body)(void)) {
    pid_t pid;

    memset((void *)shared, 0, sizeof(*shared));
    pid = forkpty(&master, name, NULL, NULL);
    if (pid == 0)
        _exit(body());
    return pid;
}

static int check_terminal(void) {
    int fd = open("/dev/tty", O_RDWR), other, spare;
    char path[24];

    if (fd < 0 || tcgetsid(fd) != getpid() || tcgetpgrp(fd) != getpid())
        return 1;
    if (strcmp(ttyname(0), name) != 0)
        return 2;
    if (!stat_read("/proc/self/stat") || value(TPGID) != getpid() ||
        value(TTY) != 136 * 256 + atol(name + strlen("/dev/pts/")))
        return 6;
    if (openpty(&other, &spare, path, NULL, NULL) < 0 || ioctl(spare, TIOCSCTTY, 0) == 0 ||
        errno != EPERM)
        return 3;               /* one terminal is enough */
    close(spare);
    spare = open(path, O_RDWR);
    return spare < 0 || tcgetsid(spare) >= 0 ? 4 : 0;
}

static int open_takes(void) {
    int none, fd;

    setsid();
    none = open(name, O_RDWR | O_NOCTTY);
    if (none < 0 || open("/dev/tty", O_RDWR) >= 0 || errno != ENXIO)
        return 1;
    fd = open(name, O_RDWR);
    if (open("/dev/tty", O_RDWR) < 0 || tcgetsid(fd) != getpid())
        return 2;
    handle(SIGHUP), handle(SIGCONT);
    if (ioctl(fd, TIOCNOTTY) < 0 || open("/dev/tty", O_RDWR) >= 0 || errno != ENXIO)
        return 3;
    if (shared->signals != 2 || tcgetsid(fd) >= 0)
        return 4;
    return ioctl(fd, TIOCNOTTY) == 0 || ioctl(fd, TIOCSCTTY, 0) < 0 ? 5 : 0;
}

static int run_open_takes(void *arg) {
    (void)arg;
    return open_takes();
}

static void test_taking(void) {
    pid_t child = session_start(check_terminal);

    CHECK("the session's terminal", exited_with(child_wait(child), 0));
    close(master);
    openpty(&master, &slave, name, NULL, NULL);
    shared->signals = 0;
    CHECK("taken by opening, left by TIOCNOTTY", exited_with(child_run(run_open_takes, NULL), 0));
    close(master), close(slave);
}

static int wait_for_signals(void) {
    struct winsize size;

    handle(SIGINT), handle(SIGQUIT), handle(SIGWINCH);
    for (int i = 1; i <= 3; i++) {
        sigset_t none, all;

        sigemptyset(&none), sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, NULL);
        last = 0;
        shared->stage = i;
        sigsuspend(&none);
        if (last != (i == 1 ? SIGINT : i == 2 ? SIGQUIT : SIGWINCH))
            return i;
    }
    return ioctl(0, TIOCGWINSZ, &size) < 0 || size.ws_row != 50 || size.ws_col != 132 ? 4 : 0;
}

static void test_signals(void) {
    struct winsize size = { .ws_row = 50, .ws_col = 132 };
    pid_t child = session_start(wait_for_signals), group = 0;

    reaches(1);
    CHECK("the master knows the group", ioctl(master, TIOCGPGRP, &group) == 0 && group == child);
    write(master, "\3", 1);
    reaches(2);
    write(master, "\34", 1);
    reaches(3);
    ioctl(master, TIOCSWINSZ, &size);
    CHECK("keys, and the window's size", exited_with(child_wait(child), 0));
    close(master);
}

static int read_long(void) {
    char c;

    shared->stage = 1;
    shared->result = read(0, &c, 1);
    shared->stage = 2;
    pause();
    return 0;
}

static int read_ignoring(void) {
    signal(SIGHUP, SIG_IGN);
    shared->stage = 1;
    shared->result = read(0, &(char){ 0 }, 1);
    shared->error = write(1, "x", 1) < 0 ? errno : 0;
    return open("/dev/tty", O_RDWR) < 0 && errno == ENXIO ? 0 : 1;
}

/* The leader hears of it; the group in front only when the leader exits. */
static void test_master_closes(void) {
    pid_t child = session_start(read_long);

    reaches(1);
    usleep(5000);
    close(master);
    CHECK("SIGHUP to the leader", died_of(child_wait(child), SIGHUP));
    child = session_start(read_ignoring);
    reaches(1);
    usleep(5000);
    close(master);
    CHECK("or the end of file", exited_with(child_wait(child), 0) && shared->result == 0 &&
                                    shared->error == EIO);
}

/* In the group in front, which the leader leaves behind. */
static int left_behind(void *arg) {
    (void)arg;
    setpgid(0, 0);
    signal(SIGTTOU, SIG_IGN);
    tcsetpgrp(0, getpid());
    handle(SIGHUP), handle(SIGCONT);
    shared->pid = getpid();
    shared->stage = 1;
    while (shared->signals < 2)
        usleep(1000);
    shared->result = read(0, &(char){ 0 }, 1);
    shared->error = write(1, "x", 1) < 0 ? errno : 0;
    shared->stage = 2;
    while (shared->stage < 3)
        usleep(1000);
    return 0;
}

static int lead_and_leave(void) {
    child_start(left_behind, NULL);
    reaches(1);
    return 0;
}

static void test_leader_exits(void) {
    pid_t child = session_start(lead_and_leave);
    char c;

    CHECK("the leader exits", exited_with(child_wait(child), 0));
    CHECK("SIGHUP and SIGCONT to the group in front", reaches(2));
    CHECK("its files are dead", shared->result == 0 && shared->error == EIO);
    CHECK("the master is told", read(master, &c, 1) < 0 && errno == EIO);
    slave = open(name, O_RDWR | O_NOCTTY);
    CHECK("it can be opened anew", slave >= 0 && write(slave, "x", 1) == 1 &&
                                       read(master, &c, 1) == 1);
    shared->stage = 3;
    close(slave), close(master);
}

static int endless_read(void *arg) {
    char text[64];

    (void)arg;
    close(master);
    shared->stage++;
    while (read(slave, text, sizeof(text)) > 0)
        ;
    return 0;
}

static int endless_write(void *arg) {
    char text[64] = "";

    (void)arg;
    close(master);
    shared->stage++;
    while (write(slave, text, sizeof(text)) > 0)
        ;
    return errno != EIO;
}

static int endless_poll(void *arg) {
    struct pollfd one = { .fd = slave, .events = POLLIN };

    (void)arg;
    close(master);
    shared->stage++;
    return poll(&one, 1, -1) != 1 || !(one.revents & POLLHUP);
}

/* Everybody is in the middle of something when the master goes. */
static void test_races(void) {
    int (*bodies[])(void *) = { endless_read, endless_write, endless_poll, endless_write };
    pid_t children[4];
    bool good = true, killed;

    for (int round = 0; round < ROUNDS; round++) {
        memset((void *)shared, 0, sizeof(*shared));
        openpty(&master, &slave, NULL, NULL, NULL);
        for (int i = 0; i < 4; i++)
            children[i] = child_start(bodies[i], NULL);
        close(slave);
        usleep(200 * round);
        close(master);
        for (int i = 0; i < 4; i++)
            good = exited_with(child_wait_limited(children[i], 20000, &killed), 0) && good;
    }
    CHECK("the master goes in the middle", good);
}

static int open_and_close(void *arg) {
    (void)arg;
    for (int i = 0; i < 50; i++) {
        int m = posix_openpt(O_RDWR | O_NOCTTY), fd = open("/dev/pts/0", O_RDWR | O_NOCTTY);

        if (m >= 0)
            unlockpt(m);
        if (fd >= 0) {
            write(fd, "x", 1);
            close(fd);
        }
        close(m);
    }
    return 0;
}

static void test_open_races(void) {
    pid_t children[4];
    bool good = true, killed;

    for (int i = 0; i < 4; i++)
        children[i] = child_start(open_and_close, NULL);
    for (int i = 0; i < 4; i++)
        good = exited_with(child_wait_limited(children[i], 30000, &killed), 0) && good;
    CHECK("opening what goes", good);
}

int main(void) {
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    signal(SIGHUP, SIG_DFL);
    test_taking();
    test_signals();
    test_master_closes();
    test_leader_exits();
    test_races();
    test_open_races();
    return check_done();
}
