/* Gantt charts: a row for each job, a column for each slice of time. */
#include "schedplot.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../common/cmd.h"

#define LABEL 16
#define WIDTH_MIN 40
#define WIDTH_MAX 1000
#define RUNNING_WEIGHT 3
#define TICKS 10                /* columns between two numbers on the axis */

static int columns(void) {
    struct winsize size;
    int width = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
    width = width ? width : 80;
    width = width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
    return width - LABEL - 1;
}

/* What a column stands for: a round number, so that the axis has round ones too. */
static usec column_length(usec end, int width) {
    static const int steps[] = { 1, 2, 3, 4, 5, 6, 8 };
    for (usec power = 1;; power *= 10)
        for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
            if (power * steps[i] * width >= end)
                return power * steps[i];
}

static char symbol(const struct interval *interval, int harts) {
    if (interval->state == RUNNING)
        return harts > 1 ? (char)('0' + interval->hart % 10) : '#';
    return interval->state == READY ? '.' : '-';
}

/* What it did for most of the column. Short bursts should be seen: running counts more. */
static char cell(const struct history *history, usec from, usec to, int harts) {
    char best = ' ';
    usec most = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct interval *interval = &history->intervals[i];
        usec begin = interval->from > from ? interval->from : from;
        usec end = interval->to < to ? interval->to : to;
        usec weight = (end - begin) * (interval->state == RUNNING ? RUNNING_WEIGHT : 1);
        if (weight <= most)
            continue;
        most = weight;
        best = symbol(interval, harts);
    }
    return best;
}

static void row_print(const char *label, char *row) {
    size_t length = strlen(row);
    while (length && row[length - 1] == ' ')
        row[--length] = '\0';
    printf("%-*s%s\n", LABEL, label, row);
}

static void axis_print(usec column, int width) {
    char numbers[WIDTH_MAX + 24] = "", text[24];
    for (int at = 0; at + TICKS <= width; at += TICKS) {
        snprintf(text, sizeof(text), "%g", (double)column * at / MS);
        snprintf(numbers + at, sizeof(numbers) - at, "%-*s", TICKS, text);
    }
    row_print("ms", numbers);
}

void chart_print(const struct run *run, const struct workload *workload) {
    char row[WIDTH_MAX + 1];
    int width = columns();
    usec end = run_end(run, workload), column = column_length(end, width);
    for (size_t i = 0; i < workload->count; i++) {
        int at = 0;
        for (; at < width && at * column < end; at++)
            row[at] = cell(&run->histories[i], at * column, (at + 1) * column, run->harts);
        row[at] = '\0';
        row_print(workload->jobs[i].name, row);
    }
    axis_print(column, (int)(end / column) + TICKS < width ? (int)(end / column) + TICKS : width);
}
