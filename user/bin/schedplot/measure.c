/*
 * The jobs as processes. Each computes for as much of its own CPU time as its bursts say, and sleeps
 * for its I/O. It notes when it wanted the CPU and when it was done; who had it meanwhile, the
 * kernel's trace of switches tells.
 */
#include "schedplot.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "kernel.h"

#define NS 1000000000ll
#define START_DELAY (50 * MS)   /* all jobs exist when the first one arrives */
#define TURN 2000               /* ns between two that arrive at the same time */
#define MARGIN 50000            /* ns; a burst of whole quanta ends within the last, as in books */
#define SPIN 10                 /* rounds between two looks at the clock: some microseconds */

/* A burst of a job: when it was ready for it, when it was over. In nanoseconds. */
struct note {
    long long ready, end;
};

/* The jobs that run; ^C ends them, and then the policy is put back. */
static struct {
    pid_t *pids;
    volatile size_t count;
    volatile sig_atomic_t interrupted;
} jobs;

static void on_interrupt(int sig) {
    jobs.interrupted = sig;
    for (size_t i = 0; i < jobs.count; i++)
        kill(jobs.pids[i], SIGKILL);
}

/* Lets ^C come now, or later. */
static void interrupt_hold(bool hold) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

/* --- in the processes --- */

static long long clock_read(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * NS + time.tv_nsec;
}

static void sleep_until(long long moment) {
    struct timespec time = { moment / NS, moment % NS };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
        ;
}

/* Nothing, which an emulator passes over. A function of its own: clang does not see how far a jump over it goes. */
static void __attribute__((noinline)) do_nothing(void) {
    __asm__ volatile(".rept 500; nop; .endr");
}

static void compute(long long duration) {
    long long end = clock_read(CLOCK_THREAD_CPUTIME_ID) + duration;
    while (clock_read(CLOCK_THREAD_CPUTIME_ID) < end)
        for (int i = 0; i < SPIN; i++)
            do_nothing();
}

static void work(const struct job *job, struct note *notes, long long start) {
    long long ready = start + job->arrival * 1000;
    setpriority(PRIO_PROCESS, 0, job->nice);
    for (size_t i = 0; i < job->burst_count; i++) {
        sleep_until(ready);
        notes[i].ready = ready;
        compute(job->bursts[i].cpu * 1000 - MARGIN);
        notes[i].end = clock_read(CLOCK_MONOTONIC);
        ready = notes[i].end + job->bursts[i].io * 1000;
    }
}

/* --- around them --- */

static struct note *notes_create(const struct workload *workload, size_t *size) {
    size_t count = 0;
    for (size_t i = 0; i < workload->count; i++)
        count += workload->jobs[i].burst_count;
    *size = count * sizeof(struct note);
    void *at = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        cmd_die_errno("shared memory");
    return at;
}

/* Starts all of them. Who arrives at the same time queues up in the order of the workload. */
static bool jobs_start(const struct workload *workload, struct note *notes, long long start) {
    for (size_t i = 0; i < workload->count; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            signal(SIGINT, SIG_DFL);
            interrupt_hold(false);
            work(&workload->jobs[i], notes, start + (long long)i * TURN);
            _exit(0);
        }
        if (pid < 0) {
            cmd_warn_errno("fork");
            return false;
        }
        jobs.pids[jobs.count++] = pid;
        notes += workload->jobs[i].burst_count;
    }
    return true;
}

/* Runs all to their ends; false if one failed, or ^C came. */
static bool jobs_run(const struct workload *workload, struct note *notes, long long start) {
    fflush(stdout);
    interrupt_hold(true);
    bool good = jobs_start(workload, notes, start);
    if (!good || jobs.interrupted)
        on_interrupt(jobs.interrupted);
    interrupt_hold(false);
    for (size_t i = 0; i < jobs.count; i++) {
        int status = -1;
        while (waitpid(jobs.pids[i], &status, 0) < 0 && errno == EINTR)
            ;
        good &= status == 0;
    }
    return good && !jobs.interrupted;
}

/* The first of the harts that this process may run on, so many of them. */
static int harts_limit(int wanted, cpu_set_t *old) {
    cpu_set_t set;
    int count = 0;
    CPU_ZERO(&set);
    CPU_ZERO(old);
    if (sched_getaffinity(0, sizeof(*old), old) < 0)
        cmd_die_errno("sched_getaffinity");
    for (int i = 0; i < CPU_SETSIZE && count < wanted; i++) {
        if (!CPU_ISSET(i, old))
            continue;
        CPU_SET(i, &set);
        count++;
    }
    if (memcmp(&set, old, sizeof(set)) != 0 && sched_setaffinity(0, sizeof(set), &set) < 0)
        cmd_die_errno("sched_setaffinity");
    return count;
}

/* --- what became of it --- */

static int by_time(const void *a, const void *b) {
    const struct stretch *one = a, *other = b;
    return one->from < other->from ? -1 : one->from > other->from;
}

struct weaver {
    struct history *history;
    const struct stretch *stretches;
    size_t count;
    long long start;
};

/* From `ready` to `end` it had the CPU in its stretches and waited for it between them. */
static void burst_weave(struct weaver *w, long long ready, long long end) {
    long long at = ready;
    for (size_t i = 0; i < w->count; i++) {
        const struct stretch *stretch = &w->stretches[i];
        long long from = stretch->from > at ? stretch->from : at;
        long long to = stretch->to < end ? stretch->to : end;
        if (from >= to)
            continue;
        history_add(w->history, READY, (at - w->start) / 1000, (from - w->start) / 1000, 0);
        history_add(w->history, RUNNING, (from - w->start) / 1000, (to - w->start) / 1000,
                    stretch->hart);
        w->history->switches += stretch->from >= ready || at == ready;
        at = to;
    }
}

static void job_weave(struct weaver *w, const struct job *job, const struct note *notes) {
    for (size_t i = 0; i < job->burst_count; i++) {
        if (i > 0)
            history_add(w->history, BLOCKED, (notes[i - 1].end - w->start) / 1000,
                        (notes[i].ready - w->start) / 1000, 0);
        burst_weave(w, notes[i].ready, notes[i].end);
    }
}

/* The stretches of one thread, moved to the front in the order of time. */
static size_t stretches_of(struct stretch *all, size_t count, pid_t tid) {
    size_t own = 0;
    for (size_t i = 0; i < count; i++) {
        if (all[i].tid != tid)
            continue;
        struct stretch found = all[i];
        all[i] = all[own];
        all[own++] = found;
    }
    qsort(all, own, sizeof(*all), by_time);
    return own;
}

struct run measure(const char *name, const struct workload *workload, usec quantum, int harts) {
    struct run run = run_create(name, workload);
    size_t size, count;
    cpu_set_t old;
    struct schedulers before = schedulers_read();
    struct note *notes = notes_create(workload, &size), *at = notes;
    jobs.pids = cmd_alloc(workload->count * sizeof(*jobs.pids));
    jobs.count = 0;
    run.harts = harts_limit(harts, &old);
    run.quantum = quantum;
    struct sigaction interrupt = { .sa_handler = on_interrupt }, usual;
    sigaction(SIGINT, &interrupt, &usual);
    scheduler_choose(name);
    quantum_choose(quantum);
    trace_start();
    long long start = clock_read(CLOCK_MONOTONIC) + START_DELAY * 1000;
    bool good = jobs_run(workload, notes, start);
    struct stretch *stretches = trace_stop(&count);
    quantum_choose(before.quantum);
    scheduler_choose(before.active);
    sched_setaffinity(0, sizeof(old), &old);
    sigaction(SIGINT, &usual, NULL);
    if (!good)
        cmd_die(jobs.interrupted ? "interrupted" : "a job did not end as it should");
    for (size_t i = 0; i < workload->count; i++) {
        struct weaver weaver = { &run.histories[i], stretches,
                                 stretches_of(stretches, count, jobs.pids[i]), start };
        job_weave(&weaver, &workload->jobs[i], at);
        at += workload->jobs[i].burst_count;
    }
    free(stretches);
    free(jobs.pids);
    munmap(notes, size);
    return run;
}
