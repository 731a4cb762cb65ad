/*
 * Stopping and continuing, and what a parent hears of it.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* Shared with children. */
static volatile struct shared {
    unsigned long counter;
    int calls;
    pid_t pid;
    int stage;
} *shared;

static volatile sig_atomic_t chld_calls;
static siginfo_t chld;

static void on_chld(int sig, siginfo_t *info, void *context) {
    (void)sig;
    (void)context;
    chld = *info;
    chld_calls++;
}

static void listen_chld(int flags) {
    struct sigaction action = { .sa_sigaction = on_chld, .sa_flags = flags | SA_SIGINFO | SA_RESTART };

    memset(&chld, 0, sizeof(chld));
    chld_calls = 0;
    sigaction(SIGCHLD, &action, NULL);
}

static int count_up(void *unused) {
    (void)unused;
    for (;;)
        shared->counter++;
    return 0;
}

static int sleep_long(void *unused) {
    (void)unused;
    sleep(1000);
    return 0;
}

static int wait_status(pid_t pid, int options) {
    int status = -1;
    pid_t got = waitpid(pid, &status, options);

    return got == pid ? status : got == 0 ? 0x1234567 : -1;
}

enum { NOTHING = 0x1234567 };

static bool stopped_by(pid_t pid, int sig) {
    int status = wait_status(pid, WUNTRACED);

    return WIFSTOPPED(status) && WSTOPSIG(status) == sig;
}

static bool continued(pid_t pid) {
    return WIFCONTINUED(wait_status(pid, WCONTINUED));
}

static void end(pid_t pid) {
    kill(pid, SIGKILL);
    child_wait(pid);
}

static bool moves(void) {
    unsigned long before = shared->counter;

    for (int i = 0; i < 200; i++) {
        usleep(1000);
        if (shared->counter != before)
            return true;
    }
    return false;
}

static void test_stop(void) {
    pid_t pid = child_start(count_up, NULL);
    unsigned long before;

    CHECK("it runs", moves());
    kill(pid, SIGSTOP);
    CHECK("wait tells of the stop", stopped_by(pid, SIGSTOP));
    CHECK("once", wait_status(pid, WUNTRACED | WNOHANG) == NOTHING);
    before = shared->counter;
    usleep(30000);
    CHECK("a stopped one does not run", shared->counter == before);
    CHECK("a second stop is no news", kill(pid, SIGSTOP) == 0 && usleep(2000) == 0 &&
                                          wait_status(pid, WUNTRACED | WNOHANG) == NOTHING);
    kill(pid, SIGTERM);
    usleep(5000);
    CHECK("it takes no signal", wait_status(pid, WNOHANG) == NOTHING);
    kill(pid, SIGCONT);
    CHECK("until it is continued", died_of(child_wait(pid), SIGTERM));
    pid = child_start(count_up, NULL);
    kill(pid, SIGTSTP);
    CHECK("SIGTSTP", stopped_by(pid, SIGTSTP));
    kill(pid, SIGCONT);
    CHECK("wait tells of the continuation", continued(pid));
    CHECK("once, too", wait_status(pid, WCONTINUED | WNOHANG) == NOTHING);
    CHECK("it runs again", moves());
    kill(pid, SIGSTOP);
    stopped_by(pid, SIGSTOP);
    kill(pid, SIGKILL);
    CHECK("SIGKILL needs no continuation", died_of(child_wait(pid), SIGKILL));
    pid = child_start(sleep_long, NULL);
    usleep(2000);
    kill(pid, SIGSTOP);
    CHECK("a sleeper stops", stopped_by(pid, SIGSTOP));
    kill(pid, SIGCONT);
    usleep(2000);
    kill(pid, SIGTTIN);
    CHECK("who does not ask for continuations hears of the next stop", stopped_by(pid, SIGTTIN));
    end(pid);
}

/* A thread takes its own signals before those of its process. */
static void test_kill_before_stop(void) {
    pid_t pid = child_start(count_up, NULL);
    bool again;

    kill(pid, SIGSTOP);
    stopped_by(pid, SIGSTOP);
    syscall(SYS_tgkill, pid, pid, SIGSTOP);
    kill(pid, SIGKILL);
    CHECK("SIGKILL goes before a stop that waits",
          died_of(child_wait_limited(pid, 5000, &again), SIGKILL) && !again);
}

static int exit_3(void *unused) {
    (void)unused;
    return 3;
}

static siginfo_t info;

static int waitid_for(pid_t pid, int options) {
    memset(&info, 0x55, sizeof(info));
    errno = 0;
    return waitid(P_PID, pid, &info, options);
}

static bool info_is(pid_t pid, int code, int status) {
    return info.si_signo == SIGCHLD && info.si_code == code && info.si_pid == pid &&
           info.si_uid == getuid() && info.si_status == status;
}

static void test_waitid(void) {
    pid_t pid = child_start(count_up, NULL);

    CHECK("nothing yet", waitid_for(pid, WEXITED | WSTOPPED | WNOHANG) == 0 && info.si_pid == 0 &&
                             info.si_signo == 0);
    CHECK("no options", waitid_for(pid, WNOHANG) == -1 && errno == EINVAL);
    CHECK("no such child", waitid_for(getpid(), WEXITED) == -1 && errno == ECHILD);
    CHECK("no such type", waitid(9, pid, &info, WEXITED) == -1 && errno == EINVAL);
    kill(pid, SIGSTOP);
    CHECK("stopped, looked at", waitid_for(pid, WSTOPPED | WNOWAIT) == 0 &&
                                    info_is(pid, CLD_STOPPED, SIGSTOP));
    CHECK("and taken", waitid_for(pid, WSTOPPED) == 0 && info_is(pid, CLD_STOPPED, SIGSTOP) &&
                           waitid_for(pid, WSTOPPED | WNOHANG) == 0 && info.si_pid == 0);
    kill(pid, SIGCONT);
    CHECK("continued", waitid_for(pid, WCONTINUED) == 0 && info_is(pid, CLD_CONTINUED, SIGCONT));
    kill(pid, SIGKILL);
    CHECK("killed, looked at", waitid_for(pid, WEXITED | WNOWAIT) == 0 &&
                                   info_is(pid, CLD_KILLED, SIGKILL));
    CHECK("and reaped", waitid(P_PGID, 0, &info, WEXITED) == 0 && info_is(pid, CLD_KILLED, SIGKILL));
    pid = child_start(exit_3, NULL);
    CHECK("exited", waitid(P_ALL, 0, &info, WEXITED) == 0 && info_is(pid, CLD_EXITED, 3));
}

static bool chld_is(pid_t pid, int code, int status) {
    for (int i = 0; i < 500 && chld_calls == 0; i++)
        usleep(1000);
    info = chld;
    chld_calls = 0;
    return info_is(pid, code, status);
}

static void test_sigchld(void) {
    pid_t pid;

    listen_chld(0);
    pid = child_start(count_up, NULL);
    kill(pid, SIGSTOP);
    CHECK("SIGCHLD: stopped", chld_is(pid, CLD_STOPPED, SIGSTOP));
    kill(pid, SIGCONT);
    CHECK("SIGCHLD: continued", chld_is(pid, CLD_CONTINUED, SIGCONT));
    kill(pid, SIGTERM);
    CHECK("SIGCHLD: killed", chld_is(pid, CLD_KILLED, SIGTERM));
    child_wait(pid);
    pid = child_start(exit_3, NULL);
    CHECK("SIGCHLD: exited", chld_is(pid, CLD_EXITED, 3));
    child_wait(pid);
    pid = child_start(count_up, NULL);
    listen_chld(SA_NOCLDSTOP);
    kill(pid, SIGSTOP);
    stopped_by(pid, SIGSTOP);
    kill(pid, SIGCONT);
    continued(pid);
    CHECK("SA_NOCLDSTOP", chld_calls == 0);
    end(pid);
    CHECK("... is about stops", chld_is(pid, CLD_KILLED, SIGKILL));
    signal(SIGCHLD, SIG_DFL);
}

/* --- what stop signals and SIGCONT do to each other, and to handlers */

static void note(int sig) {
    (void)sig;
    shared->calls++;
}

static int handle_both(void *unused) {
    (void)unused;
    signal(SIGTSTP, note);
    signal(SIGCONT, note);
    for (shared->stage = 1;;)
        pause();
    return 0;
}

static int cancel_each_other(void *unused) {
    sigset_t set, pending;

    (void)unused;
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    sigaddset(&set, SIGCONT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGTSTP);
    raise(SIGCONT);
    sigpending(&pending);
    if (sigismember(&pending, SIGTSTP) || !sigismember(&pending, SIGCONT))
        return 1;
    raise(SIGTSTP);
    sigpending(&pending);
    return !sigismember(&pending, SIGTSTP) || sigismember(&pending, SIGCONT) ? 2 : 0;
}

static void wait_stage(int stage) {
    while (shared->stage != stage)
        usleep(500);
}

static bool calls_reach(int calls) {
    for (int i = 0; i < 1000 && shared->calls < calls; i++)
        usleep(1000);
    return shared->calls == calls;
}

static void test_handlers(void) {
    pid_t pid;

    shared->stage = shared->calls = 0;
    pid = child_start(handle_both, NULL);
    wait_stage(1);
    kill(pid, SIGTSTP);
    CHECK("SIGTSTP may have a handler", calls_reach(1));
    kill(pid, SIGSTOP);
    CHECK("SIGSTOP stops all the same", stopped_by(pid, SIGSTOP));
    kill(pid, SIGCONT);
    CHECK("SIGCONT's handler runs", calls_reach(2) && continued(pid));
    end(pid);
    CHECK("they cancel each other", exited_with(child_run(cancel_each_other, NULL), 0));
}

static int sleep_some(void *unused) {
    struct timespec time = { .tv_nsec = 80000000 }, from, to;
    long ms;

    (void)unused;
    clock_gettime(CLOCK_MONOTONIC, &from);
    if (nanosleep(&time, NULL) != 0)
        return 1;
    clock_gettime(CLOCK_MONOTONIC, &to);
    ms = (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
    return ms >= 79 ? 0 : 2;
}

static int read_byte(void *fd) {
    char c;

    return read((int)(long)fd, &c, 1) == 1 ? c : 99;
}

/* Interrupted without a handler it runs again: the mask is still the one of before it. */
static int suspend(void *unused) {
    sigset_t set, none;

    (void)unused;
    signal(SIGUSR1, note);
    sigemptyset(&none);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    if (sigsuspend(&none) != -1 || errno != EINTR)
        return 1;
    sigprocmask(SIG_BLOCK, NULL, &none);
    return sigismember(&none, SIGUSR1) ? 0 : 2;
}

static void stop_briefly(pid_t pid) {
    usleep(10000);
    kill(pid, SIGSTOP);
    stopped_by(pid, SIGSTOP);
    kill(pid, SIGCONT);
}

static void test_calls(void) {
    int fds[2];
    pid_t pid = child_start(sleep_some, NULL);

    stop_briefly(pid);
    CHECK("a sleep goes on after a stop", exited_with(child_wait(pid), 0));
    pipe(fds);
    pid = child_start(read_byte, (void *)(long)fds[0]);
    stop_briefly(pid);
    usleep(2000);
    write(fds[1], "*", 1);
    CHECK("so does a read", exited_with(child_wait(pid), '*'));
    close(fds[0]);
    close(fds[1]);
    pid = child_start(suspend, NULL);
    stop_briefly(pid);
    usleep(5000);
    kill(pid, SIGUSR1);
    CHECK("so does sigsuspend, and its mask goes with it", exited_with(child_wait(pid), 0));
}

/* --- orphaned groups */

static int grandchild(void *stop_itself) {
    setpgid(0, 0);
    signal(SIGHUP, note);
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
    CHECK("a stopped group that becomes orphaned gets SIGHUP and SIGCONT", calls_reach(1));
    kill(shared->pid, SIGTSTP);
    usleep(10000);
    kill(shared->pid, SIGHUP);
    CHECK("an orphaned group is not stopped by SIGTSTP", calls_reach(2));
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
    end(pid);
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
    end(pid);
    pid = child_start(take_terminal, NULL);
    CHECK("nor is the foreground", stopped_by(pid, SIGTTOU));
    end(pid);
    shared->stage = shared->calls = 0;
    child_run(read_orphaned, NULL);
    wait_stage(1);
    CHECK("an orphan's read fails", shared->calls == EIO);
}

/* --- races */

static int exit_soon(void *us) {
    usleep((long)us);
    return 5;
}

/* Stops, continues and kills at any moment of a life; the end must be one of the two, told once. */
static bool race(int i) {
    pid_t pid = child_start(exit_soon, (void *)(long)(rand() % 1500));
    int status;

    for (int n = rand() % 6; n > 0; n--) {
        usleep((useconds_t)(rand() % 400));
        kill(pid, n % 2 ? SIGSTOP : SIGCONT);
        if (rand() % 2)
            waitpid(pid, &status, WUNTRACED | WCONTINUED | WNOHANG);
    }
    kill(pid, i % 2 ? SIGCONT : SIGKILL);
    do {
        if (waitpid(pid, &status, WUNTRACED | WCONTINUED) != pid)
            return errno == ECHILD;     /* it was reaped in the loop above */
    } while (WIFSTOPPED(status) || WIFCONTINUED(status));
    return exited_with(status, 5) || died_of(status, SIGKILL);
}

static void test_races(void) {
    bool good = true;

    srand((unsigned)getpid());
    for (int i = 0; i < 200 && good; i++)
        good = race(i);
    CHECK("stop, continue and kill race with exit", good);
    CHECK("nobody is left", waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

int main(void) {
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_stop();
    test_kill_before_stop();
    test_waitid();
    test_sigchld();
    test_handlers();
    test_calls();
    test_orphans();
    test_terminal();
    test_races();
    return check_done();
}
