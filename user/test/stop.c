/*
 * Stopping and continuing: what it does to a process, its handlers and its calls.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/stopping.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int sleep_long(void *unused) {
    (void)unused;
    sleep(1000);
    return 0;
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
    child_end(pid);
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

/* --- what stop signals and SIGCONT do to each other, and to handlers */

static int handle_both(void *unused) {
    (void)unused;
    signal(SIGTSTP, note_shared);
    signal(SIGCONT, note_shared);
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

static void test_handlers(void) {
    pid_t pid;

    shared->stage = shared->calls = 0;
    pid = child_start(handle_both, NULL);
    wait_stage(1);
    kill(pid, SIGTSTP);
    CHECK("SIGTSTP may have a handler", shared_calls_reach(1));
    kill(pid, SIGSTOP);
    CHECK("SIGSTOP stops all the same", stopped_by(pid, SIGSTOP));
    kill(pid, SIGCONT);
    CHECK("SIGCONT's handler runs", shared_calls_reach(2) && continued(pid));
    child_end(pid);
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
    signal(SIGUSR1, note_shared);
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
    shared_make();
    test_stop();
    test_kill_before_stop();
    test_handlers();
    test_calls();
    test_races();
    return check_done();
}
