/*
 * Threads: how they and their process end, in every order, and which of them takes a signal.
 *
 * threadends N runs N storms of ends.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/thread.h"

#include <abi/sched.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *end_process(void *status) {
    exit((int)(long)status);
}

static int die_in_vfork(void *unused) {
    (void)unused;
    if (syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0ul, NULL, 0ul, NULL) == 0) {
        usleep(100000);
        _exit(0);
    }
    return 0;
}

/* --- ends --- */

static int leader_leaves(void *unused) {
    (void)unused;
    started(sleep_for_ever, NULL);
    started(end_process, (void *)4);
    syscall(SYS_exit, 1);
    return 0;
}

static int leader_is_last(void *unused) {
    (void)unused;
    for (int i = 0; i < THREADS; i++)
        started(end_thread, NULL);
    usleep(1000);
    syscall(SYS_exit, 6);
    return 0;
}

static void *exit_slowly(void *arg) {
    usleep(20000);
    syscall(SYS_exit, (long)arg);
    return NULL;
}

/* The status is the first thread's, when it comes to its end and when it does not come to it last. */
static int others_are_last(void *unused) {
    (void)unused;
    for (long i = 0; i < THREADS; i++)
        started(exit_slowly, (void *)i);
    syscall(SYS_exit, 8);
    return 0;
}

static int leader_execs(void *unused) {
    (void)unused;
    for (int i = 0; i < THREADS; i++)
        started(sleep_for_ever, NULL);
    execl(own_path(), own_path(), "ids", NULL);
    return 1;
}

static void *exec_self(void *arg) {
    execl(own_path(), own_path(), arg, NULL);
    return NULL;
}

static int other_execs(void *how) {
    for (int i = 0; i < THREADS; i++)
        started(sleep_for_ever, NULL);
    started(exec_self, "ids");
    if (how)
        syscall(SYS_exit, 1);
    sleep_for_ever(NULL);
    return 1;
}

static int all_exec(void *unused) {
    (void)unused;
    for (int i = 0; i < THREADS; i++)
        started(exec_self, "ids");
    sleep_for_ever(NULL);
    return 1;
}

static void *fault(void *arg) {
    *(volatile int *)arg = 1;
    return NULL;
}

static int thread_faults(void *unused) {
    (void)unused;
    started(sleep_for_ever, NULL);
    started(fault, NULL);
    sleep_for_ever(NULL);
    return 1;
}

static void *spin(void *arg) {
    for (;;)
        __asm__ volatile("");
    return arg;
}

static int spin_all(void *unused) {
    (void)unused;
    for (int i = 0; i < 3; i++)
        started(spin, NULL);
    spin(NULL);
    return 1;
}

static bool killed_after(int (*body)(void *), int us) {
    pid_t child = child_start(body, NULL);

    usleep(us);
    kill(child, SIGKILL);
    return died_of(child_wait(child), SIGKILL);
}

static void test_ends(void) {
    CHECK("exit in a thread ends all", exited_with(child_run(leader_leaves, NULL), 4));
    CHECK("the first thread's status", exited_with(child_run(leader_is_last, NULL), 6));
    CHECK("also if others end later", exited_with(child_run(others_are_last, NULL), 8));
    CHECK("exec ends the others", exited_with(child_run(leader_execs, NULL), 9));
    CHECK("exec in a thread", exited_with(child_run(other_execs, NULL), 9));
    CHECK("... whose first thread is gone", exited_with(child_run(other_execs, "gone"), 9));
    CHECK("one of many execs wins", exited_with(child_run(all_exec, NULL), 9));
    CHECK("a fault ends all", died_of(child_run(thread_faults, NULL), SIGSEGV));
    CHECK("SIGKILL ends all that run", killed_after(spin_all, 20000));
    CHECK("... and in vfork", killed_after(die_in_vfork, 10000));
}

static int leader_zombie(void *ready) {
    started(sleep_for_ever, NULL);
    *(volatile int *)ready = 1;
    syscall(SYS_exit, 1);
    return 0;
}

static void test_leader_first(void) {
    volatile int *ready = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = child_start(leader_zombie, (void *)ready);

    while (!*ready)
        usleep(100);
    usleep(10000);
    CHECK("a process lives while one thread does", waitpid(child, NULL, WNOHANG) == 0);
    kill(child, SIGTERM);
    CHECK("signals find the one that is left", died_of(child_wait(child), SIGTERM));
    munmap((void *)ready, 4096);
}

/* --- signals --- */

static volatile pid_t taken_by;

static void take(int sig) {
    (void)sig;
    taken_by = gettid();
}

static void *wait_for_signal(void *tid) {
    *(volatile pid_t *)tid = gettid();
    pause();
    return NULL;
}

static void *wait_unblocked(void *tid) {
    sigset_t none;

    sigemptyset(&none);
    *(volatile pid_t *)tid = gettid();
    sigsuspend(&none);
    return NULL;
}

static void test_signals(void) {
    volatile pid_t tid = 0;
    struct sigaction action = { .sa_handler = take };
    pthread_t thread = started(wait_for_signal, (void *)&tid);
    sigset_t set;

    sigaction(SIGUSR1, &action, NULL);
    while (tid == 0)
        usleep(100);
    usleep(5000);
    CHECK("tgkill", tgkill(getpid(), tid, SIGUSR1) == 0 && pthread_join(thread, NULL) == 0 &&
                        taken_by == tid);
    errno = 0;
    CHECK("tgkill of one that is gone", tgkill(getpid(), tid, SIGUSR1) == -1 && errno == ESRCH);
    CHECK("tgkill of another process's", tgkill(getppid(), gettid(), 0) == -1 && errno == ESRCH);
    CHECK("tkill", syscall(SYS_tkill, gettid(), SIGUSR1) == 0 && taken_by == gettid());
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    tid = 0;
    thread = started(wait_unblocked, (void *)&tid);
    while (tid == 0)
        usleep(100);
    kill(getpid(), SIGUSR1);
    pthread_join(thread, NULL);
    CHECK("a process's signal goes to a thread that wants it", taken_by == tid);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* --- storms --- */

static int storm(void *kind) {
    for (int i = 0; i < 6; i++) {
        void *(*bodies[])(void *) = { sleep_for_ever, end_thread, spin, exec_self, end_process };
        long body = ((long)kind + i * 7 + gettid()) % 5;

        started(bodies[body], body == 3 ? "ids" : (void *)9);
    }
    if ((long)kind % 3 == 0)
        syscall(SYS_exit, 9);
    if ((long)kind % 3 == 1)
        exit(9);
    sleep_for_ever(NULL);
    return 1;
}

static bool survive_storms(int rounds) {
    for (int i = 0; i < rounds; i++) {
        pid_t child = child_start(storm, (void *)(long)i);
        int status;

        usleep(i % 7 * 500);
        kill(child, SIGKILL);
        status = child_wait(child);
        if (!exited_with(status, 9) && !died_of(status, SIGKILL)) {
            printf("storm %d: status 0x%x\n", i, status);
            return false;
        }
    }
    return true;
}

int main(int argc, char *argv[]) {
    long before;
    int processes = process_count();

    if (argc > 1 && strcmp(argv[1], "ids") == 0)
        return getpid() == gettid() && fcntl(99, F_GETFD) == -1 ? 9 : 1;
    if (argc > 1)
        return survive_storms(atoi(argv[1])) ? 0 : 1;
    threads_warm_up();
    before = memory_free();
    test_ends();
    test_leader_first();
    test_signals();
    CHECK("storms of ends", survive_storms(20));
    CHECK("all threads are gone", processes_are_back(processes));
    CHECK("memory is back", memory_is_back(before, 32 * 4096));
    return check_done();
}
