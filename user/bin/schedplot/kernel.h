/* The kernel's schedulers, as /proc/sched and /proc/sched_trace have them. */
#ifndef BIN_SCHEDPLOT_KERNEL_H
#define BIN_SCHEDPLOT_KERNEL_H

#include "schedplot.h"

/* Those that there are; `active` and `quantum` are in force. */
struct schedulers {
    char **names;
    size_t count;
    const char *active;
    usec quantum;
};

struct schedulers schedulers_read(void);

/* These end the command when the kernel refuses. */
void scheduler_choose(const char *name);
void quantum_choose(usec quantum);

/* A thread had a hart: from when to when, in nanoseconds since boot. */
struct stretch {
    int tid, hart;
    long long from, to;
};

/* Records who runs; ends that, and gives all stretches (to be freed), by hart and time. */
void trace_start(void);
struct stretch *trace_stop(size_t *count);

#endif
