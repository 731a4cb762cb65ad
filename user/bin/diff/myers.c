/*
 * diff: the shortest way to edit one file into another. E. Myers, "An O(ND) Difference
 * Algorithm and Its Variations" (1986), the form that needs memory for one row only: find
 * a point in the middle of a shortest way, then do the same on both sides of it.
 */
#include <stdlib.h>
#include <string.h>

#include "../common/cmd.h"
#include "diff.h"

/*
 * A way goes from one corner of the box to the other: x counts lines of the first file
 * that were used, y of the second. A step in x removes a line, a step in y adds one,
 * a diagonal step keeps one that is equal in both and costs nothing.
 */
struct box {
    long x, y, width, height;
};

static struct diff_line *left, *right;

/*
 * reach[k]: how far in x one gets with d edits on the diagonal x - y = k; -1: not at all.
 * One for the ways from the start of the box and one for those from its end, which are
 * counted backwards. Both arrays are indexed from -(all lines) to +(all lines).
 */
static long *reach_forward, *reach_backward;

bool lines_equal(const struct diff_line *a, const struct diff_line *b) {
    return a->hash == b->hash && a->length == b->length &&
           memcmp(a->text, b->text, a->length) == 0;
}

static bool is_equal(const struct box *box, bool backward, long x, long y) {
    if (backward) {
        x = box->width - 1 - x;
        y = box->height - 1 - y;
    }
    return lines_equal(&left[box->x + x], &right[box->y + y]);
}

/* The best that d edits can do on diagonal k, from what d - 1 edits did on its neighbours. */
static void reach_extend(const struct box *box, bool backward, long d, long k) {
    long *reach = backward ? reach_backward : reach_forward;
    long x = d == 0 ? 0 : -1;
    if (k > -d && reach[k - 1] >= 0 && reach[k - 1] < box->width)
        x = reach[k - 1] + 1;
    if (k < d && reach[k + 1] > x && reach[k + 1] - k <= box->height)
        x = reach[k + 1];
    if (x >= 0) {
        while (x < box->width && x - k < box->height && is_equal(box, backward, x, x - k))
            x++;
    }
    reach[k] = x;
}

/* Do the ways on diagonal k from one side and on the same line from the other side meet? */
static bool ways_meet(const struct box *box, const long *mine, const long *other, long k,
                      long others_edits) {
    long k_other = box->width - box->height - k;
    if (k_other < -others_edits || k_other > others_edits || mine[k] < 0 || other[k_other] < 0)
        return false;
    return mine[k] + other[k_other] >= box->width;
}

/* A point on a shortest way, as distances from the box's corner. It costs two edits or more. */
static void middle_find(const struct box *box, long *x, long *y) {
    bool odd = (box->width - box->height) & 1;
    for (long d = 0;; d++) {
        for (long k = -d; k <= d; k += 2) {
            reach_extend(box, false, d, k);
            if (odd && ways_meet(box, reach_forward, reach_backward, k, d - 1)) {
                *x = reach_forward[k];
                *y = reach_forward[k] - k;
                return;
            }
        }
        for (long k = -d; k <= d; k += 2) {
            reach_extend(box, true, d, k);
            if (!odd && ways_meet(box, reach_backward, reach_forward, k, d)) {
                *x = box->width - reach_backward[k];
                *y = box->height - (reach_backward[k] - k);
                return;
            }
        }
    }
}

static void box_compare(struct box box) {
    while (box.width > 0 && box.height > 0 && is_equal(&box, false, 0, 0))
        box.x++, box.y++, box.width--, box.height--;
    while (box.width > 0 && box.height > 0 && is_equal(&box, true, 0, 0))
        box.width--, box.height--;
    if (box.width == 0 || box.height == 0) {
        for (long i = 0; i < box.width; i++)
            left[box.x + i].changed = true;
        for (long i = 0; i < box.height; i++)
            right[box.y + i].changed = true;
        return;
    }
    /* First and last lines differ, so it takes two edits or more and both parts are smaller. */
    long x, y;
    middle_find(&box, &x, &y);
    box_compare((struct box){ box.x, box.y, x, y });
    box_compare((struct box){ box.x + x, box.y + y, box.width - x, box.height - y });
}

void files_compare(struct diff_file *a, struct diff_file *b) {
    long reach = a->count + b->count + 2;
    long *forward = cmd_alloc((2 * reach + 1) * sizeof(long));
    long *backward = cmd_alloc((2 * reach + 1) * sizeof(long));
    left = a->lines;
    right = b->lines;
    reach_forward = forward + reach;
    reach_backward = backward + reach;
    box_compare((struct box){ 0, 0, a->count, b->count });
    free(forward);
    free(backward);
}
