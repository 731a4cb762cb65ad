/*
 * schedplot [OPTION]... [POLICY]...: the same jobs under several schedulers, drawn as Gantt charts.
 */
#include "schedplot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/number.h"
#include "kernel.h"

#define USAGE \
    "[OPTION]... [POLICY]...\n" \
    "  POLICY     rr, mlfq... (see `sched`): measured on this kernel, as root; all if none is\n" \
    "             given. FIFO, SJF, STCF, RR: simulated by the book\n" \
    "  -f FILE    the jobs, one in a line: NAME ARRIVAL BURST [I/O BURST]... [xTIMES] [nice=N]\n" \
    "             in milliseconds: `typist 0 2 18 x6` computes for 2 ms and types for 18, six times\n" \
    "  -q MS      the quantum (the one in force)\n" \
    "  -h HARTS   how many harts the jobs may have when it is measured (1)\n" \
    "  -s         the summary only, no charts\n" \
    "  -d         all intervals in microseconds, for a program to read"

#define HARTS_MAX 64

static struct {
    bool summary, data;
    const char *file;
    usec quantum;               /* 0: not given */
    int harts;
} options = { .harts = 1 };

static void option_take(int option) {
    char *end;
    switch (option) {
    case 'f': options.file = optarg; break;
    case 'q':
        options.quantum = (usec)(strtod(optarg, &end) * MS);
        if (*end || options.quantum < 100 || options.quantum > 10000 * MS)
            cmd_die("the quantum must be 0.1 to 10000 ms: '%s'", optarg);
        break;
    case 'h':
        options.harts = (int)number_require(optarg, "number of harts");
        if (options.harts < 1 || options.harts > HARTS_MAX)
            cmd_die("the number of harts must be 1 to %d: '%s'", HARTS_MAX, optarg);
        break;
    case 's': options.summary = true; break;
    case 'd': options.data = true; break;
    default: cmd_usage(USAGE);
    }
}

static bool is_kernels(const char *name, const struct schedulers *schedulers) {
    for (size_t i = 0; i < schedulers->count; i++)
        if (strcmp(schedulers->names[i], name) == 0)
            return true;
    return false;
}

static void names_check(char **names, const struct schedulers *schedulers) {
    for (; *names; names++)
        if (!simulate_knows(*names) && !is_kernels(*names, schedulers))
            cmd_die("no policy '%s': see `sched`, or FIFO, SJF, STCF, RR for the textbook's", *names);
}

static void run_print(const struct run *run, const struct workload *workload) {
    if (options.data) {
        data_print(run, workload);
        return;
    }
    if (options.summary)
        return;
    printf("%s, %s", run->name, run->simulated ? "by the textbook" : "measured");
    if (run->quantum)
        printf(", quantum %g ms", (double)run->quantum / MS);
    if (run->harts > 1)
        printf(", %d harts", run->harts);
    printf("\n\n");
    chart_print(run, workload);
    putchar('\n');
    jobs_print(run, workload);
    putchar('\n');
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "f:q:h:sd")) != -1)
        option_take(option);
    struct workload workload = options.file ? workload_read(options.file) : workload_default();
    struct schedulers schedulers = schedulers_read();
    char **names = argv[optind] ? argv + optind : schedulers.names;
    size_t count = argv[optind] ? (size_t)(argc - optind) : schedulers.count;
    usec quantum = options.quantum ? options.quantum : schedulers.quantum;
    if (argv[optind])
        names_check(names, &schedulers);
    struct run *runs = cmd_alloc(count * sizeof(*runs));
    if (!options.data && !options.summary)
        printf("# runs%s   . ready   - sleeps, or waits for I/O\n\n",
               options.harts > 1 ? " (or the number of the hart)" : "");
    for (size_t i = 0; i < count; i++) {
        runs[i] = simulate_knows(names[i]) ? simulate(names[i], &workload, quantum)
                                           : measure(names[i], &workload, quantum, options.harts);
        run_print(&runs[i], &workload);
    }
    if (!options.data)
        runs_print(runs, count, &workload);
    return cmd_end(cmd_status);
}
