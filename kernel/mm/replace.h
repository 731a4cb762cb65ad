// Page replacement: which of the pages that programs use goes when memory runs low.
//
// A policy picks; mm/evict.c does the rest. A policy is one file and one line in replace.c.
#ifndef MM_REPLACE_H
#define MM_REPLACE_H

#include <debug/panic.h>
#include <mm/frame.h>
#include <stddef.h>

struct space;

struct replace_policy {
    const char *name;
    // The page to evict next, taken as replace_take does, or NULL. With `only` it must be a page
    // that this space alone shows. Called by one thread at a time. May sleep.
    struct frame *(*victim)(const struct space *only);
};

extern const struct replace_policy replace_fifo, replace_clock, replace_lru;

const struct replace_policy *replace_policy(void);      // in force
const struct replace_policy *replace_policy_at(unsigned index);     // NULL behind the last
int must_check replace_choose(const char *name);        // 0 or -EINVAL; at any time

// For policies. Takes frame number `number` if a program's page is in it that may go: referenced
// and busy (mm/sweep.h gives it back); else NULL.
struct frame *replace_take(uint32_t number, const struct space *only);

// Was the page used since somebody asked last? Clears the A bits of its entries.
bool replace_accessed(struct frame *frame);

// For policies that rank: a victim with the smallest key, which is called with each page taken. A
// sweep over all pages is enough for many victims.
struct frame *replace_smallest(const struct space *only, uint64_t (*key)(struct frame *frame));

// The page has just been brought in.
extern uint32_t replace_stamp;
static inline void replace_loaded(struct frame *frame) {
    frame->loaded = __atomic_add_fetch(&replace_stamp, 1, __ATOMIC_RELAXED);
    frame->age = 0;
}

#endif
