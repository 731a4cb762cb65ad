/*
 * Writing a pattern's program. Targets are relative, so a repetition moves the code
 * of what it repeats one step down, and an interval copies it.
 */
#include "pattern_code.h"

#include <ctype.h>
#include <string.h>

#include "cmd.h"
#include "pattern.h"
#include "pattern_set.h"

static void room_make(struct pattern *pattern, int more) {
    if (pattern->count + more <= pattern->capacity)
        return;
    pattern->capacity = (pattern->count + more) * 2;
    pattern->steps = cmd_realloc(pattern->steps, pattern->capacity * sizeof(*pattern->steps));
}

/* Inserts a step at `where`, moving what is behind it. */
static struct pattern_step *step_insert(struct pattern *pattern, int where, enum pattern_op op) {
    room_make(pattern, 1);
    struct pattern_step *step = &pattern->steps[where];
    memmove(step + 1, step, (pattern->count - where) * sizeof(*step));
    pattern->count++;
    *step = (struct pattern_step){ .op = op };
    return step;
}

struct pattern_step *step_add(struct pattern *pattern, enum pattern_op op) {
    return step_insert(pattern, pattern->count, op);
}

void set_add(struct pattern *pattern, const struct byte_set *set) {
    size_t size = (pattern->set_count + 1) * sizeof(*set);
    pattern->sets = cmd_realloc(pattern->sets, size);
    pattern->sets[pattern->set_count] = *set;
    step_add(pattern, OP_SET)->set = pattern->set_count++;
}

void byte_add(struct pattern *pattern, unsigned char byte) {
    if ((pattern->flags & PATTERN_FOLD) && isalpha(byte)) {
        struct byte_set set = { { 0 } };
        byte_set_add(&set, byte);
        byte_set_fold(&set);
        set_add(pattern, &set);
    } else {
        step_add(pattern, OP_BYTE)->byte = byte;
    }
}

/* Adds `copies` copies of the `length` steps at `start`, which stay as they are. */
static void code_repeat(struct pattern *pattern, int start, int length, int copies) {
    room_make(pattern, length * copies);
    for (; copies > 0; copies--) {
        memcpy(&pattern->steps[pattern->count], &pattern->steps[start],
               length * sizeof(*pattern->steps));
        pattern->count += length;
    }
}

void star_wrap(struct pattern *pattern, int start) {
    int length = pattern->count - start;
    struct pattern_step *split = step_insert(pattern, start, OP_SPLIT);
    split->x = 1;
    split->y = length + 2;
    step_add(pattern, OP_JUMP)->x = -(length + 1);
}

void plus_wrap(struct pattern *pattern, int start) {
    int length = pattern->count - start;
    struct pattern_step *split = step_add(pattern, OP_SPLIT);
    split->x = -length;
    split->y = 1;
}

void optional_wrap(struct pattern *pattern, int start) {
    int length = pattern->count - start;
    struct pattern_step *split = step_insert(pattern, start, OP_SPLIT);
    split->x = 1;
    split->y = length + 1;
}

bool interval_wrap(struct pattern *pattern, int start, int low, int high) {
    int length = pattern->count - start;
    long copies = high < 0 ? low : high;
    if (pattern->count + (length + 1) * copies > PATTERN_STEPS_MAX)
        return false;
    if (high == 0) {
        pattern->count = start;
    } else if (high < 0) {
        if (low == 0) {
            star_wrap(pattern, start);
        } else {
            code_repeat(pattern, start, length, low - 1);
            plus_wrap(pattern, pattern->count - length);
        }
    } else {
        if (low == 0)
            optional_wrap(pattern, start);
        else
            code_repeat(pattern, start, length, low - 1);
        for (int i = low ? low : 1; i < high; i++) {
            int copy = pattern->count;
            code_repeat(pattern, start + (low == 0), length, 1);
            optional_wrap(pattern, copy);
        }
    }
    return true;
}
