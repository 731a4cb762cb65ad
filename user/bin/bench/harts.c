/* The rows of scheduling: how soon a sleeper runs while others want the hart; what more harts are worth. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../common/slurp.h"
#include "bench.h"

void pin(unsigned long mask) {
    cpu_set_t set;
    memset(&set, 0, sizeof set);
    set.bits[0] = mask;
    if (sched_setaffinity(0, sizeof set, &set))
        fail("sched_setaffinity");
}

static void tell_scheduler(const char *line) {
    int fd = open("/proc/sched", O_WRONLY);
    if (fd < 0 || write(fd, line, strlen(line)) != (long)strlen(line))
        fail("/proc/sched");
    close(fd);
}

static unsigned long clock_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ul + time.tv_nsec;
}

static pid_t spawn_hog(void) {
    pid_t pid = fork();
    if (pid == 0)
        for (;;)
            ;
    return pid;
}

enum { HOGS = 3, WAKES = 40, NAP = 1300000, BURST = 100000 };

/* On average, in ns of the guest: after its nap a sleeper works for a moment, beside hogs as nice. */
static void wake_under(const char *policy) {
    char name[40];
    unsigned long late = 0, at;
    tell_scheduler(policy);
    for (int i = 0; i < WAKES; i++) {
        at = clock_now() + NAP + i * 37000 % 1000000;       /* at all moments of a quantum */
        struct timespec moment = { at / 1000000000, at % 1000000000 };
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL);
        at = clock_now() - at;
        late += i < WAKES / 4 ? 0 : at;                     /* the policy knows it by then */
        for (at = clock_now() + BURST; clock_now() < at;)
            ;
    }
    snprintf(name, sizeof name, "wake_%s", policy);
    report_in("ns", name, late / (WAKES - WAKES / 4));
}

/* /proc/sched lists the policies, the one in force in brackets. */
static void under_each_policy(void (*measure_under)(const char *policy)) {
    char *text = file_slurp_require("/proc/sched"), *end = strchr(text, '\n');
    if (!end || strncmp(text, "policy:", 7))
        fail("/proc/sched");
    *end = '\0';
    for (char *name = strtok(text + 7, " []"); name; name = strtok(NULL, " []"))
        measure_under(name);
    tell_scheduler("rr");
    free(text);
}

void bench_wake(void) {
    pid_t hogs[HOGS];
    tell_scheduler("quantum 1");
    pin(1);
    for (int i = 0; i < HOGS; i++)
        hogs[i] = spawn_hog();
    under_each_policy(wake_under);
    for (int i = 0; i < HOGS; i++) {
        kill(hogs[i], SIGKILL);
        reap(hogs[i]);
    }
    tell_scheduler("quantum 10");
}

static unsigned long switches(void) {
    char *text = file_slurp_require("/proc/sched"), *found = strstr(text, "switches ");
    unsigned long count = found ? strtoul(found + 9, NULL, 10) : 0;
    free(text);
    return count;
}

/* Sleeps while others yield to each other, on one hart: instructions for each switch of theirs. */
static void switch_under(const char *policy) {
    char name[40];
    tell_scheduler(policy);
    usleep(20000);              /* until the policy knows them */
    unsigned long start = now(), before = switches();
    usleep(20000);
    snprintf(name, sizeof name, "switch_%s", policy);
    report(name, (now() - start) / (switches() - before));
}

/* What a switch costs while 2, 20 and 2000 processes are ready. */
void bench_switch(void) {
    static const int sizes[] = { 2, 20, 2000 };
    static pid_t pids[2000];
    for (int i = 0, n = 0; i < 3; i++) {
        for (; n < sizes[i]; n++) {
            pids[n] = fork();
            if (pids[n] == 0)
                for (;;)
                    sched_yield();
        }
        bench_crowd_size = sizes[i];
        under_each_policy(switch_under);
    }
    for (int i = 0; i < sizes[2]; i++)
        kill(pids[i], SIGKILL);
    for (int i = 0; i < sizes[2]; i++)
        reap(pids[i]);
}

enum { CHUNKS = 200, CHUNK = 256 * 1024 };

/* Some computing in fresh memory. */
static void work(void) {
    unsigned long sum = 0;
    char *memory = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        fail("mmap");
    for (int round = 0; round < 8; round++)
        for (long i = 0; i < CHUNK; i += 8)
            sum += *(unsigned long *)(memory + i) += sum + i;
    munmap(memory, CHUNK);
}

/* Four processes share a job on the first harts: what one of its parts takes. */
static void parallel(const char *name, unsigned long harts) {
    int *next = mmap(NULL, sizeof *next, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t workers[4];
    if (next == MAP_FAILED)
        fail("mmap");
    pin(harts);
    unsigned long start = clock_now();
    for (int i = 0; i < 4; i++) {
        workers[i] = fork();
        if (workers[i] == 0) {
            while (__atomic_fetch_add(next, 1, __ATOMIC_RELAXED) < CHUNKS)
                work();
            _exit(0);
        }
    }
    for (int i = 0; i < 4; i++)
        reap(workers[i]);
    report_in("ns", name, (clock_now() - start) / CHUNKS);
    munmap(next, sizeof *next);
}

/* What only several harts can show. */
void bench_harts(void) {
    pin(1);
    bench_yield();
    bench_pipe_round_trip("pipe_one_hart", 1);
    bench_pipe_round_trip("pipe_two_harts", 2);
    bench_wake();
    parallel("parallel_1", 1);
    parallel("parallel_2", 3);
    parallel("parallel_4", 15);
}
