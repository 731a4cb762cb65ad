#include <abi/errno.h>
#include <lib/string.h>
#include <mm/page_cache.h>
#include <mm/replace.h>
#include <mm/rmap.h>
#include <mm/swap.h>
#include <mm/sweep.h>

static const struct replace_policy *const policies[] = { &replace_fifo, &replace_clock,
                                                         &replace_lru };
#define POLICIES (sizeof policies / sizeof policies[0])

static const struct replace_policy *chosen = &replace_clock;
uint32_t replace_stamp;

const struct replace_policy *replace_policy(void) {
    return __atomic_load_n(&chosen, __ATOMIC_RELAXED);
}

const struct replace_policy *replace_policy_at(unsigned index) {
    return index < POLICIES ? policies[index] : NULL;
}

// The marks that policies keep on frames are kept whatever the policy, so any may take over at
// any time.
int replace_choose(const char *name) {
    for (unsigned i = 0; i < POLICIES; i++) {
        if (strcmp(policies[i]->name, name))
            continue;
        __atomic_store_n(&chosen, policies[i], __ATOMIC_RELAXED);
        return 0;
    }
    return -EINVAL;
}

bool sweep_take(struct frame *frame, enum frame_kind kind) {
    if (frame->kind != kind || !frame_try_get(frame))
        return false;
    // With a reference it stays what it is: look again.
    if (frame->kind == kind && page_trylock(frame))
        return true;
    swap_page_put(frame);
    return false;
}

uint32_t sweep_step(uint32_t number) {
    const struct frame *head = &frame_table[number];
    return head->kind == FRAME_FREE ? 1u << head->order % FRAME_ORDERS : 1;
}

void sweep_release(struct frame *frame) {
    page_unlock(frame);
    swap_page_put(frame);
}

struct frame *replace_take(uint32_t number, const struct space *only) {
    struct frame *frame = &frame_table[number];
    enum frame_kind kind = frame->kind;
    bool pinned = frame_flag_test(frame, FRAME_PINNED);
    // A page of a file on a disk that its tree alone has is page_reclaim.c's.
    if ((kind != FRAME_ANON && kind != FRAME_CACHE) || (pinned && (only || !swap_free())) ||
        frame_refs(frame) < (kind == FRAME_CACHE && !pinned ? 2 : 1) || !sweep_take(frame, kind))
        return NULL;
    struct rmap_result seen = rmap_query(frame);
    bool fits = only ? seen.entries == 1 && seen.space == only && kind == FRAME_ANON
                     : seen.entries > 0 || pinned || (kind == FRAME_ANON && frame->swap_slot);
    if (fits && !seen.locked)
        return frame;
    sweep_release(frame);
    return NULL;
}

bool replace_accessed(struct frame *frame) { return rmap_age(frame).accessed; }

// --- for policies that rank ---

#define BATCH 512

struct ranked {
    uint64_t key;
    uint32_t number;
};

// The pages that a sweep has found to have the smallest keys, in order: victims until they are used
// up, or another policy or space asks. mm/evict.c has one caller at a time.
static struct batch {
    struct ranked pages[BATCH];
    unsigned count, next;
    const struct space *only;
    uint64_t (*key)(struct frame *frame);
} batch;

// Into its place among the smallest `size`, if it is one of them.
static void rank_insert(struct ranked page, unsigned size) {
    struct ranked *pages = batch.pages;
    if (batch.count == size && page.key >= pages[size - 1].key)
        return;
    unsigned at = batch.count < size ? batch.count++ : size - 1;
    for (; at > 0 && pages[at - 1].key > page.key; at--)
        pages[at] = pages[at - 1];
    pages[at] = page;
}

// The marks of a file's page share their place with the links of the dirty list, so they are only
// touched with the object's lock held, and only while the page is on no list.
static bool key_of(struct frame *frame, uint64_t *out) {
    struct page_object *object = frame->kind == FRAME_CACHE ? frame->owner : NULL;
    if (!object) {
        *out = batch.key(frame);
        return true;
    }
    spin_lock(&object->lock);
    bool listed = frame_flag_test(frame, FRAME_DIRTY) && !frame_flag_test(frame, FRAME_PINNED);
    if (!listed)
        *out = batch.key(frame);
    spin_unlock(&object->lock);
    return !listed;
}

// A sweep costs the more the larger the machine is, so it yields the more. A space that is limited to
// few frames gets each decision from the present state.
static unsigned batch_size(void) {
    uint64_t share = (frame_limit - frame_first) / 32;
    return batch.only ? 1 : share > BATCH ? BATCH : share;
}

static void batch_fill(void) {
    batch.count = batch.next = 0;
    for (uint32_t number = 0; number < frame_limit - frame_first; number += sweep_step(number)) {
        struct frame *frame = replace_take(number, batch.only);
        if (!frame)
            continue;
        struct ranked page = { .number = number };
        if (key_of(frame, &page.key))
            rank_insert(page, batch_size());
        sweep_release(frame);
    }
}

static struct frame *batch_next(void) {
    while (batch.next < batch.count) {
        struct frame *frame = replace_take(batch.pages[batch.next++].number, batch.only);
        if (frame)
            return frame;
    }
    return NULL;
}

struct frame *replace_smallest(const struct space *only, uint64_t (*key)(struct frame *frame)) {
    if (batch.only != only || batch.key != key)
        batch.count = 0;
    batch.only = only;
    batch.key = key;
    struct frame *frame = batch_next();
    if (frame)
        return frame;
    batch_fill();
    return batch_next();
}
