/* The numbers of a run, of several side by side, and everything for a program to read. */
#include "schedplot.h"

#include <stdio.h>

static double ms(usec time) { return (double)time / MS; }

void jobs_print(const struct run *run, const struct workload *workload) {
    printf("%-16s%10s%12s%10s%10s%10s\n", "job", "response", "turnaround", "waiting", "cpu",
           "switches");
    for (size_t i = 0; i < workload->count; i++) {
        struct metrics m = history_metrics(&run->histories[i]);
        printf("%-16s%10.1f%12.1f%10.1f%10.1f%10lu\n", workload->jobs[i].name, ms(m.response),
               ms(m.turnaround), ms(m.waiting), ms(m.cpu), run->histories[i].switches);
    }
}

static void run_row(const struct run *run, const struct workload *workload) {
    struct metrics sum = { 0 };
    unsigned long switches = 0;
    double count = (double)workload->count;
    for (size_t i = 0; i < workload->count; i++) {
        struct metrics m = history_metrics(&run->histories[i]);
        sum.response += m.response;
        sum.turnaround += m.turnaround;
        sum.waiting += m.waiting;
        switches += run->histories[i].switches;
    }
    printf("%-10s %-10s%9.1f%12.1f%10.1f%10.3f%10lu\n", run->name,
           run->simulated ? "textbook" : "measured", ms(sum.response) / count,
           ms(sum.turnaround) / count, ms(sum.waiting) / count, run_fairness(run, workload), switches);
}

void runs_print(const struct run *runs, size_t count, const struct workload *workload) {
    printf("%-10s %-10s%9s%12s%10s%10s%10s\n", "policy", "", "response", "turnaround", "waiting",
           "fairness", "switches");
    for (size_t i = 0; i < count; i++)
        run_row(&runs[i], workload);
    printf("Means over the jobs, in ms. Fairness: Jain's index of the part of its time in which each\n"
           "had the CPU when it wanted it (1: all alike).\n");
}

void data_print(const struct run *run, const struct workload *workload) {
    static const char *const states[] = { "ready", "running", "blocked" };
    printf("run %s %s %lld %d\n", run->name, run->simulated ? "textbook" : "measured", run->quantum,
           run->harts);
    for (size_t i = 0; i < workload->count; i++) {
        printf("job %s\n", workload->jobs[i].name);
        for (size_t k = 0; k < run->histories[i].count; k++) {
            const struct interval *interval = &run->histories[i].intervals[k];
            printf("%s %lld %lld %d\n", states[interval->state], interval->from, interval->to,
                   interval->hart);
        }
    }
}
