/* Between the two halves of a pattern: the program that one writes and the other runs. */
#ifndef BIN_COMMON_PATTERN_CODE_H
#define BIN_COMMON_PATTERN_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pattern_op {
    OP_BYTE,            /* consumes this byte */
    OP_ANY,             /* consumes any byte */
    OP_SET,             /* consumes a byte of the set */
    OP_SPLIT,           /* goes on at x, and also at y */
    OP_JUMP,            /* goes on at x */
    OP_LINE_START, OP_LINE_END,                 /* conditions on the place */
    OP_WORD_START, OP_WORD_END, OP_WORD_EDGE, OP_WORD_INSIDE,
    OP_NO_WORD_BEFORE, OP_NO_WORD_AFTER,
    OP_GROUP_START, OP_GROUP_END,               /* note the place, for the first group */
    OP_MATCH,
    OP_FAIL,            /* behind the last alternative */
};

struct byte_set {
    uint64_t bits[4];
};

struct pattern_step {
    enum pattern_op op;
    unsigned char byte;
    int set;            /* index into the pattern's sets */
    int x, y;           /* targets relative to this step: a piece of code can be moved and copied */
};

/* A place in a run: which step comes next, and where the match began. */
struct pattern_thread {
    int step;
    size_t start;
    bool has_group;
    size_t group_start, group_end;
};

struct pattern_threads {
    struct pattern_thread *list;
    int count;
};

struct pattern {
    int flags, groups;
    struct pattern_step *steps;
    int count, capacity;
    struct byte_set *sets;
    int set_count;

    /* For the runs; made anew when the program has grown. */
    bool ready, may_be_empty;
    struct byte_set first;              /* the bytes that a match can begin with */
    struct pattern_threads now, next;
    struct pattern_thread *stack;
    unsigned long *mark, generation;    /* mark[step] == generation: already in the list */
};

/* Nested intervals multiply; this is where it ends. */
#define PATTERN_STEPS_MAX 200000

/* Adds a step to the program; the pointer is good until the next one is added. */
struct pattern_step *step_add(struct pattern *pattern, enum pattern_op op);

/* Adds a step that consumes a byte of the set, or this byte (both cases under PATTERN_FOLD). */
void set_add(struct pattern *pattern, const struct byte_set *set);
void byte_add(struct pattern *pattern, unsigned char byte);

/* Each makes a repetition of the code from step `start` to the end of the program. */
void star_wrap(struct pattern *pattern, int start);
void plus_wrap(struct pattern *pattern, int start);
void optional_wrap(struct pattern *pattern, int start);

/* At least `low` times and at most `high` (-1: any number). False: too big a program. */
bool interval_wrap(struct pattern *pattern, int start, int low, int high);

static inline bool byte_set_has(const struct byte_set *set, unsigned char byte) {
    return set->bits[byte >> 6] >> (byte & 63) & 1;
}

static inline void byte_set_add(struct byte_set *set, unsigned char byte) {
    set->bits[byte >> 6] |= 1ull << (byte & 63);
}

#endif
