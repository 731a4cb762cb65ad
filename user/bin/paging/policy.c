/*
 * The policies as textbooks define them. The first three have a counterpart in the kernel
 * (kernel/mm/replace_*.c), which has to do without knowing when a page was touched.
 */
#include "paging.h"

/* The frame with the smallest key; the first of several. */
static size_t smallest(const struct memory *memory, size_t (*key)(const struct frame *frame)) {
    size_t best = 0;
    for (size_t i = 1; i < memory->frame_count; i++)
        if (key(&memory->frames[i]) < key(&memory->frames[best]))
            best = i;
    return best;
}

static size_t loaded(const struct frame *frame) { return frame->loaded; }
static size_t touched(const struct frame *frame) { return frame->touched; }
static size_t soon(const struct frame *frame) { return NONE - frame->next; }

/* First in, first out: the page that was brought in longest ago, used or not. */
static size_t fifo(struct memory *memory) { return smallest(memory, loaded); }

/* Least recently used. */
static size_t lru(struct memory *memory) { return smallest(memory, touched); }

/* The optimum: the page that is not needed for longest, if ever. One must know the future. */
static size_t opt(struct memory *memory) { return smallest(memory, soon); }

/* Second chance: the hand passes a used page, taking its use bit, and stops behind the victim. */
static size_t clock_hand(struct memory *memory) {
    for (;;) {
        size_t at = memory->hand;
        struct frame *frame = &memory->frames[at];
        memory->hand = (at + 1) % memory->frame_count;
        if (!frame->used)
            return at;
        frame->used = false;
    }
}

const struct policy policies[] = {
    { "FIFO", "fifo", false, fifo },
    { "Clock", "clock", true, clock_hand },
    { "LRU", "lru", false, lru },
    { "OPT", NULL, false, opt },
};
const size_t policy_count = sizeof(policies) / sizeof(policies[0]);
