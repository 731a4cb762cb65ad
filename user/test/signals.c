/*
 * Signals without handlers: who may send them, what they do, who is immune.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int sleep_long(void *unused) {
    (void)unused;
    sleep(1000);
    return 0;
}

static int spin_for_ever(void *unused) {
    (void)unused;
    for (volatile unsigned long i = 0; i + 1; i++)
        ;
    return 0;
}

static int read_for_ever(void *fd) {
    char c;

    return read((int)(long)fd, &c, 1) == 1;
}

static bool killed_by(int (*body)(void *), void *arg, int sig) {
    pid_t pid = child_start(body, arg);

    usleep(3000);
    return kill(pid, sig) == 0 && died_of(child_wait(pid), sig);
}

static void test_kill(void) {
    static const int fatal[] = { SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGUSR1, SIGALRM, SIGTERM,
                                 SIGKILL };
    bool all = true, spinners = true;
    int fds[2];

    for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
        all &= killed_by(sleep_long, NULL, fatal[i]);
    CHECK("a sleeper dies of each fatal signal", all);
    for (int i = 0; i < 20; i++)
        spinners &= killed_by(spin_for_ever, NULL, i % 2 ? SIGKILL : SIGTERM);
    CHECK("a spinner dies", spinners);
    pipe(fds);
    CHECK("a reader of a pipe dies", killed_by(read_for_ever, (void *)(long)fds[0], SIGTERM));
    close(fds[0]);
    close(fds[1]);
    errno = 0;
    CHECK("no such signal", kill(getpid(), 65) == -1 && errno == EINVAL);
    errno = 0;
    CHECK("no such process", kill(3999999, SIGTERM) == -1 && errno == ESRCH);
    errno = 0;
    CHECK("no such group", kill(-3999999, SIGTERM) == -1 && errno == ESRCH);
    CHECK("signal 0 only asks", kill(getpid(), 0) == 0);
}

/* Is what a signal does by default what POSIX and signal(7) say? */
static bool default_is_right(int sig) {
    bool ignored = sig == SIGCHLD || sig == SIGCONT || sig == SIGURG || sig == SIGWINCH;
    bool stops = sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
    pid_t pid = child_start(sleep_long, NULL);
    int status = -1;
    bool right;

    kill(pid, sig);
    if (ignored)
        right = usleep(5000) == 0 && waitpid(pid, &status, WNOHANG | WUNTRACED) == 0;
    else
        right = waitpid(pid, &status, WUNTRACED) == pid &&
                (stops ? WIFSTOPPED(status) && WSTOPSIG(status) == sig : died_of(status, sig));
    if (!WIFSIGNALED(status) || status == -1) {
        kill(pid, SIGKILL);
        child_wait(pid);
    }
    if (!right)
        printf("signal %d: status 0x%x\n", sig, status);
    return right;
}

static void test_defaults(void) {
    bool all = true;

    for (int sig = 1; sig <= 64; sig++)
        all = default_is_right(sig) && all;
    CHECK("what each of the 64 does by default", all);
}

/* As a user without any other process. */
static int kill_all_of_mine(void *unused) {
    pid_t pids[3];
    bool all = true;

    (void)unused;
    if (setuid(4005) != 0 || kill(-1, SIGTERM) != -1 || errno != EPERM)
        return 1;
    for (int i = 0; i < 3; i++)
        pids[i] = child_start(sleep_long, NULL);
    if (kill(-1, SIGTERM) != 0)
        return 2;
    for (int i = 0; i < 3; i++)
        all = died_of(child_wait(pids[i]), SIGTERM) && all;
    return all ? 0 : 3;
}

static void test_group(void) {
    pid_t pids[4];
    bool dead = true;

    for (int i = 0; i < 4; i++) {
        pids[i] = child_start(i % 2 ? spin_for_ever : sleep_long, NULL);
        setpgid(pids[i], pids[0]);
    }
    CHECK("kill of a group", kill(-pids[0], SIGTERM) == 0);
    for (int i = 0; i < 4; i++)
        dead &= died_of(child_wait(pids[i]), SIGTERM);
    CHECK("all of the group die", dead);
    errno = 0;
    CHECK("the group is gone", kill(-pids[0], 0) == -1 && errno == ESRCH);
    CHECK("kill of all: those that one may, but oneself",
          exited_with(child_run(kill_all_of_mine, NULL), 0));
}

static int ignore_term(void *unused) {
    (void)unused;
    signal(SIGTERM, SIG_IGN);
    raise(SIGTERM);
    signal(SIGTERM, SIG_DFL);
    raise(SIGCHLD);             /* ignored by default */
    raise(SIGWINCH);
    return 3;
}

static int block_then_die(void *unused) {
    sigset_t set, pending;

    (void)unused;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    usleep(1000);
    if (sigpending(&pending) != 0 || !sigismember(&pending, SIGUSR1))
        return 1;
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    return 2;
}

static int block_all_and_sleep(void *fd) {
    sigset_t set;

    sigfillset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    write((int)(long)fd, "x", 1);
    sleep(1000);
    return 0;
}

static void test_dispositions(void) {
    int fds[2];
    char c;
    pid_t pid;

    CHECK("ignored signals", exited_with(child_run(ignore_term, NULL), 3));
    CHECK("a blocked signal waits", died_of(child_run(block_then_die, NULL), SIGUSR1));
    pipe(fds);
    pid = child_start(block_all_and_sleep, (void *)(long)fds[1]);
    CHECK("all blocked", read(fds[0], &c, 1) == 1 && kill(pid, SIGTERM) == 0);
    usleep(10000);
    CHECK("SIGTERM is blocked", waitpid(pid, NULL, WNOHANG) == 0);
    CHECK("SIGKILL cannot be", kill(pid, SIGKILL) == 0 && died_of(child_wait(pid), SIGKILL));
    close(fds[0]);
    close(fds[1]);
}

static int write_unread(void *ignore) {
    int fds[2];

    if (ignore)
        signal(SIGPIPE, SIG_IGN);
    pipe(fds);
    close(fds[0]);
    return write(fds[1], "x", 1) == -1 && errno == EPIPE ? 4 : 5;
}

static bool action_refused(int sig, void (*handler)(int), int expected) {
    struct sigaction action = { .sa_handler = handler };

    errno = 0;
    return sigaction(sig, &action, NULL) == -1 && errno == expected;
}

static void test_actions(void) {
    struct sigaction old;

    CHECK("SIGPIPE kills", died_of(child_run(write_unread, NULL), SIGPIPE));
    CHECK("SIGPIPE ignored is EPIPE", exited_with(child_run(write_unread, (void *)1), 4));
    CHECK("SIGKILL's action stays", action_refused(SIGKILL, SIG_IGN, EINVAL));
    CHECK("SIGSTOP's action stays", action_refused(SIGSTOP, SIG_DFL, EINVAL));
    CHECK("no signal 0", action_refused(0, SIG_IGN, EINVAL));
    CHECK("no signal 65", action_refused(65, SIG_IGN, EINVAL));
    CHECK("sigaction tells", sigaction(SIGUSR1, NULL, &old) == 0 && old.sa_handler == SIG_DFL);
}

static int kill_as_other(void *target) {
    if (setgid(1000) != 0 || setuid(1000) != 0)
        return 1;
    if (kill((pid_t)(long)target, SIGTERM) != -1 || errno != EPERM)
        return 2;
    if (kill(1, 0) != -1 || errno != EPERM)
        return 3;
    return kill(getpid(), 0) == 0 ? 0 : 4;
}

static int reap_nothing(void *unused) {
    pid_t pid;

    (void)unused;
    signal(SIGCHLD, SIG_IGN);
    pid = child_start(ignore_term, NULL);
    if (wait(NULL) != -1 || errno != ECHILD)
        return 1;
    return kill(pid, 0) == -1 && errno == ESRCH ? 0 : 2;
}

static void test_others(void) {
    CHECK("another user's process",
          exited_with(child_run(kill_as_other, (void *)(long)getpid()), 0));
    CHECK("SIGCHLD ignored: no zombies", exited_with(child_run(reap_nothing, NULL), 0));
    if (getpid() != 1)
        CHECK("process 1 is immune", kill(1, SIGKILL) == 0 && kill(1, SIGQUIT) == 0 &&
                                         usleep(10000) == 0 && kill(1, 0) == 0);
}

/* Each forks the next and goes: always one alive, never the same for long. */
static int run_away(void *fd) {
    setpgid(0, 0);
    write((int)(long)fd, "x", 1);
    for (;;)
        if (fork() > 0)
            _exit(0);
}

static bool catch_runaway(void) {
    int fds[2];
    char c;
    pid_t pid;

    pipe(fds);
    pid = child_start(run_away, (void *)(long)fds[1]);
    read(fds[0], &c, 1);
    close(fds[0]);
    close(fds[1]);
    child_wait(pid);
    kill(-pid, SIGKILL);
    for (int i = 0; i < 2000; i++) {
        if (kill(-pid, 0) == -1 && errno == ESRCH)
            return true;
        usleep(1000);
    }
    /* So that a failure does not go on for ever. */
    for (int i = 0; i < 100000 && kill(-pid, SIGKILL) == 0; i++)
        ;
    return false;
}

static void test_runaway(void) {
    bool caught = true;

    for (int i = 0; i < 30; i++)
        caught &= catch_runaway();
    CHECK("nobody escapes from a group's SIGKILL by forking", caught);
}

int main(void) {
    test_kill();
    test_defaults();
    test_group();
    test_dispositions();
    test_actions();
    test_others();
    test_runaway();
    return check_done();
}
