/* What happened to each job, and the numbers that follow from it. */
#include "schedplot.h"

#include <stdlib.h>

#include "../common/cmd.h"

struct run run_create(const char *name, const struct workload *workload) {
    struct run run = { .name = name, .harts = 1 };
    run.histories = cmd_alloc(workload->count * sizeof(*run.histories));
    for (size_t i = 0; i < workload->count; i++)
        run.histories[i] = (struct history){ 0 };
    return run;
}

void run_free(struct run *run, const struct workload *workload) {
    for (size_t i = 0; i < workload->count; i++)
        free(run->histories[i].intervals);
    free(run->histories);
}

/* The room doubles: at each power of two there is none left. */
static struct interval *interval_append(struct history *history) {
    size_t count = history->count;
    if ((count & (count - 1)) == 0)
        history->intervals =
            cmd_realloc(history->intervals, (count ? 2 * count : 1) * sizeof(struct interval));
    return &history->intervals[history->count++];
}

void history_add(struct history *history, enum state state, usec from, usec to, int hart) {
    if (from >= to)
        return;
    *interval_append(history) = (struct interval){ from, to, state, hart };
}

struct metrics history_metrics(const struct history *history) {
    struct metrics metrics = { .response = -1 };
    if (!history->count)
        return (struct metrics){ 0 };
    usec arrival = history->intervals[0].from;
    for (size_t i = 0; i < history->count; i++) {
        const struct interval *interval = &history->intervals[i];
        usec length = interval->to - interval->from;
        metrics.cpu += interval->state == RUNNING ? length : 0;
        metrics.waiting += interval->state == READY ? length : 0;
        if (interval->state == RUNNING && metrics.response < 0)
            metrics.response = interval->from - arrival;
    }
    metrics.turnaround = history->intervals[history->count - 1].to - arrival;
    return metrics;
}

usec run_end(const struct run *run, const struct workload *workload) {
    usec end = 0;
    for (size_t i = 0; i < workload->count; i++) {
        const struct history *history = &run->histories[i];
        usec own = history->count ? history->intervals[history->count - 1].to : 0;
        end = own > end ? own : end;
    }
    return end;
}

double run_fairness(const struct run *run, const struct workload *workload) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < workload->count; i++) {
        struct metrics metrics = history_metrics(&run->histories[i]);
        double share = (double)metrics.cpu / (double)(metrics.cpu + metrics.waiting + 1);
        sum += share;
        squares += share * share;
    }
    return squares > 0 ? sum * sum / ((double)workload->count * squares) : 1;
}
