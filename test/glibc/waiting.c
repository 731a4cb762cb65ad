/*
 * Waiting as the GNU C library does it, for signals, timers, descriptors and children: a program for
 * Linux, which knows nothing of this kernel. One line for each check, and their number at the end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int ok, bad;

static void check(const char *what, bool holds) {
    printf("%s %s\n", holds ? "ok" : "FAIL", what);
    holds ? ok++ : bad++;
    fflush(stdout);
}

static volatile sig_atomic_t count;
static siginfo_t last;

static void note(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    last = *info;
    count++;
}

static void handle(int signal, int flags) {
    struct sigaction action = {.sa_sigaction = note, .sa_flags = flags | SA_SIGINFO};

    sigaction(signal, &action, NULL);
    count = 0;
}

/* Rings until it is stopped: the first time may come before anybody waits. */
static void ring(bool on) {
    suseconds_t each = on ? 50000 : 0;
    struct itimerval bell = {.it_interval = {0, each}, .it_value = {0, each}};

    if (setitimer(ITIMER_REAL, &bell, NULL) != 0)
        abort();
}

static void test_handlers(void) {
    sigset_t set, old;

    handle(SIGUSR1, 0);
    check("raise", raise(SIGUSR1) == 0 && count == 1 && last.si_signo == SIGUSR1);
    volatile double number = 1.5;
    check("... keeps numbers", kill(getpid(), SIGUSR1) == 0 && number * 2 == 3 && count == 2);
    sigemptyset(&set), sigaddset(&set, SIGUSR1);
    check("blocked", sigprocmask(SIG_BLOCK, &set, &old) == 0 && raise(SIGUSR1) == 0 && count == 2);
    check("pending", sigpending(&set) == 0 && sigismember(&set, SIGUSR1) == 1);
    check("sigsuspend", sigsuspend(&old) == -1 && errno == EINTR && count == 3);
    check("sigqueue", sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 7}) == 0);
    sigemptyset(&set), sigaddset(&set, SIGUSR1);
    siginfo_t got;
    check("sigtimedwait", sigtimedwait(&set, &got, &(struct timespec){1, 0}) == SIGUSR1 &&
          got.si_code == SI_QUEUE && got.si_value.sival_int == 7);
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void test_timers(void) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
    timer_t timer;
    int status;

    handle(SIGALRM, 0);
    ring(true);
    check("setitimer", pause() == -1 && errno == EINTR && count > 0);
    ring(false);
    handle(SIGUSR2, 0);
    struct itimerspec again = {.it_value = {0, 20000000}, .it_interval = {0, 20000000}};
    check("timer_create", timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 &&
          timer_settime(timer, 0, &again, NULL) == 0);
    while (count < 3)
        pause();
    check("... and its signals", last.si_code == SI_TIMER && timer_delete(timer) == 0);
    handle(SIGCHLD, SA_RESTART);
    pid_t child = fork();
    if (child == 0)
        _exit(usleep(50000));
    check("a call that SA_RESTART goes on with", waitpid(child, &status, 0) == child && count == 1);
    struct timespec left;
    ring(true);
    check("a sleep that is interrupted", nanosleep(&(struct timespec){500, 0}, &left) == -1 &&
          errno == EINTR && left.tv_sec > 0 && left.tv_sec < 500);
    ring(false);
}

static void test_poll(void) {
    int ends[2];
    fd_set set;
    sigset_t none;

    check("poll of nothing", pipe(ends) == 0 && poll(&(struct pollfd){ends[0], POLLIN, 0}, 1, 20) == 0);
    if (fork() == 0) {
        usleep(30000);
        _exit(write(ends[1], "x", 1) != 1);
    }
    struct pollfd reader = {ends[0], POLLIN, 0};
    check("poll waits", poll(&reader, 1, -1) == 1 && reader.revents == POLLIN);
    wait(NULL);
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    check("select", select(ends[0] + 1, &set, NULL, NULL, NULL) == 1 && FD_ISSET(ends[0], &set));
    char byte;
    if (read(ends[0], &byte, 1) != 1)
        abort();
    sigemptyset(&none);
    ring(true);
    check("ppoll is interrupted", ppoll(&reader, 1, NULL, &none) == -1 && errno == EINTR);
    ring(false);
    close(ends[1]);
    check("a pipe without a writer", poll(&reader, 1, -1) == 1 && reader.revents == POLLHUP);
    close(ends[0]);
}

static void test_processes(void) {
    char *const arguments[] = {"sh", "-c", "exit 5", NULL};
    posix_spawn_file_actions_t actions;
    siginfo_t info;
    pid_t child;
    int status;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    check("posix_spawn", posix_spawn(&child, "/bin/sh", &actions, NULL, arguments, environ) == 0 &&
          waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 5);
    check("... of nothing", posix_spawn(&child, "/no", NULL, NULL, arguments, environ) == ENOENT);
    child = fork();
    if (child == 0)
        for (;;)
            pause();
    kill(child, SIGSTOP);
    check("a stopped child", waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status) &&
          WSTOPSIG(status) == SIGSTOP);
    kill(child, SIGCONT);
    check("... that goes on", waitid(P_PID, child, &info, WCONTINUED) == 0 &&
          info.si_code == CLD_CONTINUED);
    kill(child, SIGKILL);
    check("... and is killed", waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGKILL);
}

int main(void) {
    test_handlers();
    test_timers();
    test_poll();
    test_processes();
    printf("done: %d ok, %d failed\n", ok, bad);
    return bad != 0;
}
