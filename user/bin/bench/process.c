/* The rows of processes. */
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define PAGE 4096
#define MIB (1024 * 1024)

void reap(pid_t pid) {
    if (pid < 0 || waitpid(pid, NULL, 0) != pid)
        fail("wait");
}

void bench_yield(void) {
    enum { ROUNDS = 5000 };
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < ROUNDS + 200; i++)
            sched_yield();
        _exit(0);
    }
    for (int i = 0; i < 100; i++)
        sched_yield();
    unsigned long start = now();
    for (int i = 0; i < ROUNDS; i++)
        sched_yield();
    /* Each round is a switch there and one back. */
    report("sched_yield", (now() - start) / ROUNDS / 2);
    reap(child);
}

static void fork_exit(void) {
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    reap(child);
}

/* Waits for any child: where others live, they are not to be looked through. */
static void fork_exec(void) {
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/true", "true", NULL);
        _exit(127);
    }
    if (child < 0 || wait(NULL) != child)
        fail("wait");
}

static char *big;

static void touch_all(void) {
    for (unsigned long i = 0; i < 4 * MIB; i += PAGE)
        big[i]++;
}

static void fork_dirty(void) {
    pid_t child = fork();
    if (child == 0) {
        touch_all();
        _exit(0);
    }
    reap(child);
}

void bench_fork(unsigned long rounds) {
    measure("fork_wait", rounds, fork_exit);
    measure("fork_exec_wait", rounds, fork_exec);
}

void bench_fork_big(void) {
    big = mmap(NULL, 4 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (big == MAP_FAILED)
        fail("mmap");
    touch_all();
    measure("fork_4mib", 20, fork_exit);
    touch_all();
    measure("fork_4mib_write", 10, fork_dirty);
    munmap(big, 4 * MIB);
}
