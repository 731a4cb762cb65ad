/*
 * Races between exit, wait, stop, continue, kill and exec in processes of several threads that sleep,
 * run, fork and end in every order. Each life has an end that is told once, and nothing is left over.
 *
 * races ROUNDS [SEED]: so many lives, which the seed chooses.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/thread.h"

#include <abi/futex.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define END 9                           /* the status of all that end by themselves */

static int silent[2];                   /* a pipe in which nothing comes */
static int word;

/* --- what a thread may do --- */

static void *read_pipe(void *arg) {
    char c;

    return read(silent[0], &c, 1) == 1 ? arg : NULL;
}

static void *wait_futex(void *arg) {
    for (;;)
        syscall(SYS_futex, &word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0l, NULL);
    return arg;
}

static void *poll_pipe(void *arg) {
    struct pollfd fd = { .fd = silent[0], .events = POLLIN };

    while (poll(&fd, 1, 100000) != 1)
        ;
    return arg;
}

static void *spin(void *arg) {
    for (;;)
        __asm__ volatile("");
    return arg;
}

static void *fork_children(void *arg) {
    for (int i = 0; i < 4; i++) {
        pid_t pid = fork();

        if (pid == 0)
            _exit(END);
        if (i % 2)
            waitpid(pid, NULL, 0);
    }
    return arg;
}

static void *start_threads(void *arg) {
    for (int i = 0; i < 6; i++) {
        pthread_t thread;

        if (pthread_create(&thread, NULL, end_thread, arg) == 0)
            pthread_join(thread, NULL);
    }
    return arg;
}

static void *exec_self(void *arg) {
    execl(own_path(), own_path(), "end", NULL);
    return arg;
}

static void *end_process(void *arg) {
    (void)arg;
    exit(END);
}

static void *stop_process(void *arg) {
    kill(getpid(), SIGSTOP);
    return arg;
}

static void *signal_process(void *arg) {
    for (int i = 0; i < 20; i++)
        kill(getpid(), i % 2 ? SIGUSR1 : SIGCONT);
    return arg;
}

static void *wait_for_children(void *arg) {
    while (wait(NULL) > 0)
        ;
    return arg;
}

static void *(*const deeds[])(void *) = {
    sleep_for_ever, read_pipe, wait_futex, poll_pipe, spin, fork_children, start_threads, exec_self,
    end_process, stop_process, signal_process, wait_for_children, end_thread, fork_children,
};
#define DEEDS (sizeof(deeds) / sizeof(deeds[0]))

/* --- lives --- */

static void count(int sig) {
    (void)sig;
}

static int live(void *seed) {
    struct sigaction action = { .sa_handler = count, .sa_flags = (long)seed % 3 ? SA_RESTART : 0 };
    pthread_t thread;

    srand((unsigned)(long)seed);
    sigaction(SIGUSR1, &action, NULL);
    for (int i = rand() % 6; i >= 0; i--) {
        pthread_create(&thread, NULL, deeds[rand() % DEEDS], NULL);
        if (rand() % 4 == 0)
            usleep(rand() % 300);
    }
    if (rand() % 2)
        syscall(SYS_exit, END);
    deeds[rand() % DEEDS](NULL);
    return END;
}

/* One who did exec has no handler any more. */
static bool is_an_end(int status) {
    return exited_with(status, END) || died_of(status, SIGKILL) || died_of(status, SIGUSR1);
}

static bool ended(int status) {
    return !WIFSTOPPED(status) && !WIFCONTINUED(status);
}

/* Torments the process for a while and then ends it: its status. */
static int torment(pid_t pid) {
    static const int signals[] = { SIGSTOP, SIGCONT, SIGUSR1, SIGCONT };
    int status;

    for (int n = rand() % 8; n > 0; n--) {
        usleep(rand() % 500);
        kill(pid, signals[rand() % 4]);
        if (rand() % 3 == 0 && waitpid(pid, &status, WUNTRACED | WCONTINUED | WNOHANG) == pid &&
            ended(status))
            return status;
    }
    kill(pid, SIGKILL);
    do {
        if (waitpid(pid, &status, WUNTRACED | WCONTINUED) != pid)
            return -1;
    } while (!ended(status));
    return status;
}

static bool live_and_end(unsigned seed, int rounds) {
    for (int i = 0; i < rounds; i++) {
        int status;

        srand(seed + i);
        status = torment(child_start(live, (void *)(long)(seed + i)));
        if (!is_an_end(status)) {
            printf("seed %u: status 0x%x\n", seed + i, status);
            return false;
        }
    }
    return true;
}

/* --- who waits --- */

static pid_t awaited;

static void *await(void *got) {
    int status;

    while (waitpid(awaited, &status, WUNTRACED) == awaited)
        if (ended(status)) {
            *(int *)got = status;
            return NULL;
        }
    *(int *)got = errno == ECHILD ? -2 : -1;
    return NULL;
}

/* Two threads and the main one wait for the same child, which stops, goes on and ends: one is told. */
static bool one_is_told(int i) {
    int got[3], told = 0;
    pthread_t threads[2];

    awaited = child_start(live, (void *)(long)(i * 31));
    for (int n = 0; n < 2; n++)
        threads[n] = started(await, &got[n]);
    usleep(i % 5 * 100);
    kill(awaited, SIGSTOP);
    kill(awaited, i % 2 ? SIGCONT : SIGKILL);
    kill(awaited, SIGKILL);
    await(&got[2]);
    for (int n = 0; n < 2; n++)
        pthread_join(threads[n], NULL);
    for (int n = 0; n < 3; n++)
        told += got[n] == -2 ? 0 : is_an_end(got[n]) ? 1 : 10;
    return told == 1;
}

/* --- a group whose members fork as fast as they can --- */

/* Three that always are somebody else: each forks and ends. */
static int run_away(void *unused) {
    (void)unused;
    setpgid(0, 0);
    for (int i = 0; i < 3; i++)
        if (fork() == 0)
            for (;;)
                if (fork() > 0)
                    _exit(END);
    for (;;)
        pause();
    return 0;
}

/* A child either is there when its group is killed, or is never made (fork(2), POSIX). */
static bool group_dies(int i) {
    pid_t pid = child_start(run_away, NULL);
    bool gone = false;

    setpgid(pid, pid);
    usleep(1000 + i % 7 * 300);
    kill(-pid, SIGKILL);
    if (!died_of(child_wait(pid), SIGKILL))
        return false;
    for (int n = 0; n < 2000 && !gone; n++) {
        gone = kill(-pid, 0) == -1 && errno == ESRCH;
        usleep(500);
    }
    if (!gone)
        kill(-pid, SIGKILL);
    return gone;
}

/* --- parents and children that end at the same time --- */

static int end_with_children(void *us) {
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            usleep((long)us * i % 300);
            _exit(END);
        }
    usleep((long)us);
    return END;
}

/* --- signals to a process whose threads come and go --- */

static int received;

static void receive(int sig) {
    (void)sig;
    __atomic_fetch_add(&received, 1, __ATOMIC_SEQ_CST);
}

static int send_signals(void *count) {
    union sigval none = { 0 };

    for (long i = 0; i < (long)count; i++)
        while (sigqueue(getppid(), SIGRTMIN, none) != 0)
            usleep(100);
    return END;
}

/* What was sent to the process is not lost with the thread that was to take it. */
static bool threads_come_and_go(long signals) {
    struct sigaction action = { .sa_handler = receive, .sa_flags = SA_RESTART };
    pid_t pid;

    received = 0;
    sigaction(SIGRTMIN, &action, NULL);
    pid = child_start(send_signals, (void *)signals);
    for (int i = 0; i < 3000 && __atomic_load_n(&received, __ATOMIC_SEQ_CST) < signals; i++)
        pthread_join(started(end_thread, NULL), NULL);
    for (int i = 0; i < 1000 && __atomic_load_n(&received, __ATOMIC_SEQ_CST) < signals; i++)
        usleep(10000);
    return exited_with(child_wait(pid), END) && received == signals;
}

/* --- */

static bool all_of(bool (*round)(int), int rounds) {
    for (int i = 0; i < rounds; i++)
        if (!round(i)) {
            printf("round %d\n", i);
            return false;
        }
    return true;
}

int main(int argc, char *argv[]) {
    int rounds = argc > 1 ? atoi(argv[1]) : 60, processes = process_count();
    unsigned seed = argc > 2 ? (unsigned)atol(argv[2]) : (unsigned)getpid() * 1000;
    long before;

    if (argc > 1 && strcmp(argv[1], "end") == 0)
        return END;
    threads_warm_up();
    if (pipe(silent) != 0)
        return 1;
    before = memory_free();
    CHECK("every life has an end", live_and_end(seed, rounds));
    CHECK("one of those who wait is told", all_of(one_is_told, rounds / 4));
    CHECK("a group that runs away dies at once", all_of(group_dies, rounds / 10));
    for (int i = 0; i < rounds / 4; i++)
        child_run(end_with_children, (void *)(long)(i * 37 % 400));
    CHECK("signals to threads that come and go", threads_come_and_go(rounds * 4));
    CHECK("nobody is left", waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
    CHECK("all processes are gone", processes_are_back(processes));
    CHECK("memory is back", memory_is_back(before, 64 * 4096));
    return check_done();
}
