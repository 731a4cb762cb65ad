/*
 * Signals to a process with several threads that all of them feel: stops, death, the clock of CPU time.
 */
#include "common/bare_thread.h"
#include "common/check.h"
#include "common/child.h"
#include "common/handler.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static int spinners(void *shared) {
    volatile unsigned long *counts = shared;

    for (int i = 0; i < BARE_THREADS; i++)
        bare_start(i, spin);
    for (;;) {
        for (int i = 0; i < BARE_THREADS; i++)
            counts[i] = bare_threads[i].count;
        usleep(500);
    }
    return 0;
}

static bool all_move(volatile unsigned long *counts) {
    unsigned long before[BARE_THREADS];
    bool all = false;

    memcpy(before, (void *)counts, sizeof(before));
    for (int n = 0; n < 2000 && !all; n++) {
        usleep(1000);
        all = true;
        for (int i = 0; i < BARE_THREADS; i++)
            all = all && counts[i] != before[i];
    }
    return all;
}

static void test_stop(void) {
    volatile unsigned long *counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid = child_start(spinners, (void *)counts);
    unsigned long before[BARE_THREADS];
    bool all = all_move(counts);
    int status = 0;

    CHECK("all run", all);
    for (int i = 0; i < 20 && all; i++) {
        kill(pid, SIGSTOP);
        all = waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status);
        kill(pid, SIGCONT);
        all = all && waitpid(pid, &status, WCONTINUED) == pid && WIFCONTINUED(status);
    }
    CHECK("stops and continuations are told once each", all);
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    memcpy(before, (void *)counts, sizeof(before));
    usleep(30000);
    CHECK("all are stopped", memcmp(before, (void *)counts, sizeof(before)) == 0);
    kill(pid, SIGCONT);
    CHECK("all go on", all_move(counts));
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    kill(pid, SIGKILL);
    CHECK("a stopped process of threads dies", died_of(child_wait(pid), SIGKILL));
    munmap((void *)counts, 4096);
}

static int die_by_thread(void *sig) {
    for (int i = 0; i < BARE_THREADS; i++)
        bare_start(i, spin);
    tgkill(getpid(), bare_threads[2].alive, (int)(long)sig);
    for (;;)
        pause();
    return 0;
}

static void fault(struct bare_thread *self) {
    (void)self;
    __asm__ volatile("sd zero, 64(zero)");
}

static int die_by_fault(void *unused) {
    (void)unused;
    for (int i = 0; i < BARE_THREADS - 1; i++)
        bare_start(i, spin);
    bare_start(BARE_THREADS - 1, fault);
    for (;;)
        pause();
    return 0;
}

static void test_death(void) {
    CHECK("a fatal signal to one ends all",
          died_of(child_run(die_by_thread, (void *)SIGTERM), SIGTERM));
    CHECK("so does SIGKILL", died_of(child_run(die_by_thread, (void *)SIGKILL), SIGKILL));
    CHECK("so does a fault", died_of(child_run(die_by_fault, NULL), SIGSEGV));
}

static void test_cpu(void) {
    struct itimerval value = { { 0, 0 }, { 0, 400000 } };
    int status;
    pid_t pid;

    /* 100 ms on each of four: more than any of them runs alone. */
    handle(SIGPROF, SA_RESTART, note_call);
    setitimer(ITIMER_PROF, &value, NULL);
    for (int i = 0; i < BARE_THREADS; i++)
        bare_start(i, spin);
    CHECK("CPU time is all threads'", calls_reach(1));
    for (int i = 0; i < BARE_THREADS; i++)
        bare_threads[i].go = 1;
    for (int i = 0; i < BARE_THREADS; i++)
        bare_join(&bare_threads[i]);
    pid = child_start(die_by_thread, (void *)SIGWINCH);
    usleep(20000);
    CHECK("an ignored one harms nobody", waitpid(pid, &status, WNOHANG) == 0);
    kill(pid, SIGTERM);
    child_wait(pid);
}

int main(void) {
    test_stop();
    test_death();
    test_cpu();
    return check_done();
}
