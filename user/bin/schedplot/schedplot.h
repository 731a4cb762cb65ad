/* schedplot: what its files share. Times are microseconds from the start of a run. */
#ifndef BIN_SCHEDPLOT_SCHEDPLOT_H
#define BIN_SCHEDPLOT_SCHEDPLOT_H

#include <stdbool.h>
#include <stddef.h>

typedef long long usec;

#define MS 1000ll

/* --- what is to be done (workload.c) --- */

struct burst {
    usec cpu;
    usec io;                    /* after it; 0 behind the last one */
};

struct job {
    char name[16];
    usec arrival;
    int nice;
    struct burst *bursts;
    size_t burst_count;
};

struct workload {
    struct job *jobs;
    size_t count;
};

struct workload workload_default(void);

/* From a text file. Reports a bad line and exits. */
struct workload workload_read(const char *path);

/* --- what happened (run.c) --- */

enum state { READY, RUNNING, BLOCKED };

struct interval {
    usec from, to;
    enum state state;
    int hart;                   /* while it runs */
};

/* What one job went through, from its arrival to its end: intervals without gaps. */
struct history {
    struct interval *intervals;
    size_t count;
    unsigned long switches;     /* how often it got the CPU */
};

struct run {
    const char *name;           /* of the policy */
    bool simulated;
    usec quantum;               /* 0: it has none */
    int harts;
    struct history *histories;  /* one for each job of the workload */
};

struct metrics {
    usec response;              /* from its arrival until it first ran */
    usec turnaround;            /* from its arrival to its end */
    usec waiting;               /* ready, but not running */
    usec cpu;
};

struct run run_create(const char *name, const struct workload *workload);
void run_free(struct run *run, const struct workload *workload);

/* Adds what comes next to a history; nothing if it takes no time. */
void history_add(struct history *history, enum state state, usec from, usec to, int hart);

struct metrics history_metrics(const struct history *history);

/* When the last job ended. */
usec run_end(const struct run *run, const struct workload *workload);

/*
 * Jain's index of the jobs' shares: the part of its time that each had the CPU when it wanted it. 1
 * if all are alike, 1/n if one has all.
 */
double run_fairness(const struct run *run, const struct workload *workload);

/* --- by the book (simulate.c) --- */

/* Whether `name` is FIFO, SJF, STCF or RR. */
bool simulate_knows(const char *name);

/* One CPU; RR takes turns of `quantum`. */
struct run simulate(const char *name, const struct workload *workload, usec quantum);

/* --- by this kernel (measure.c, kernel.c) --- */

/* Runs the jobs as processes on `harts` harts, under a policy of the kernel's; exits if it cannot. */
struct run measure(const char *name, const struct workload *workload, usec quantum, int harts);

/* --- what is printed (chart.c, report.c) --- */

void chart_print(const struct run *run, const struct workload *workload);

/* The jobs of one run; the runs side by side. */
void jobs_print(const struct run *run, const struct workload *workload);
void runs_print(const struct run *runs, size_t count, const struct workload *workload);

/* All intervals, for a program: tools/sched_plot.py. */
void data_print(const struct run *run, const struct workload *workload);

#endif
