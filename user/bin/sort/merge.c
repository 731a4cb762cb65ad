/* sort: a stable merge sort, bottom up, with one spare array. */
#include <stdlib.h>
#include <string.h>

#include "../common/cmd.h"
#include "sort.h"

/* Merges the neighbours [low, middle) and [middle, high) of `from` into `to`. */
static void runs_merge(const struct sort_line *from, struct sort_line *to, size_t low,
                       size_t middle, size_t high) {
    size_t left = low, right = middle;
    for (size_t out = low; out < high; out++) {
        /* On a tie the left one goes first: that is what makes the sort stable. */
        bool take_left = right == high ||
                         (left < middle && lines_compare(&from[left], &from[right]) <= 0);
        to[out] = take_left ? from[left++] : from[right++];
    }
}

void lines_sort(struct sort_line *lines, size_t count) {
    struct sort_line *from = lines, *to = cmd_alloc(count * sizeof(*lines)), *spare = to;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t low = 0; low < count; low += 2 * run) {
            size_t middle = count - low < run ? count : low + run;
            size_t high = count - low < 2 * run ? count : low + 2 * run;
            runs_merge(from, to, low, middle, high);
        }
        struct sort_line *done = to;
        to = from;
        from = done;
    }
    if (from != lines)
        memcpy(lines, from, count * sizeof(*lines));
    free(spare);
}
