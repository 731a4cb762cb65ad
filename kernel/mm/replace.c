#include <abi/errno.h>
#include <lib/string.h>
#include <mm/page_cache.h>
#include <mm/replace.h>
#include <mm/rmap.h>
#include <mm/swap.h>
#include <mm/sweep.h>

static const struct replace_policy *const policies[] = { &replace_clock, &replace_fifo,
                                                         &replace_lru };
#define POLICIES (sizeof policies / sizeof policies[0])

static const struct replace_policy *chosen = &replace_clock;
static uint32_t load_stamp;

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

void sweep_release(struct frame *frame) {
    page_unlock(frame);
    swap_page_put(frame);
}

struct frame *replace_take(uint32_t number, const struct space *only) {
    struct frame *frame = &frame_table[number];
    enum frame_kind kind = frame->kind;
    // A cache page that the tree alone has is page_reclaim.c's.
    if ((kind != FRAME_ANON && kind != FRAME_CACHE) ||
        frame_refs(frame) < (kind == FRAME_CACHE ? 2 : 1) || !sweep_take(frame, kind))
        return NULL;
    struct rmap_result seen = rmap_query(frame);
    bool fits = only ? seen.entries == 1 && seen.space == only && kind == FRAME_ANON
                     : seen.entries > 0 || (kind == FRAME_ANON && frame->swap_slot);
    if (fits && !seen.locked && !frame_flag_test(frame, FRAME_PINNED))
        return frame;
    sweep_release(frame);
    return NULL;
}

bool replace_accessed(struct frame *frame) { return rmap_age(frame).accessed; }

void replace_loaded(struct frame *frame) {
    frame->loaded = __atomic_add_fetch(&load_stamp, 1, __ATOMIC_RELAXED);
    frame->age = 0;
}

// Into its place among the smallest, if it is one of them.
static unsigned rank_insert(struct ranked *out, unsigned used, unsigned count, struct ranked page) {
    if (used == count && page.key >= out[used - 1].key)
        return used;
    unsigned at = used < count ? used++ : used - 1;
    for (; at > 0 && out[at - 1].key > page.key; at--)
        out[at] = out[at - 1];
    out[at] = page;
    return used;
}

// The marks of a file's page share their place with the links of the dirty list, so they are only
// touched with the object's lock held, and only while the page is clean.
static bool key_of(struct frame *frame, uint32_t (*key)(struct frame *frame), uint32_t *out) {
    struct page_object *object = frame->kind == FRAME_CACHE ? frame->owner : NULL;
    if (!object) {
        *out = key(frame);
        return true;
    }
    spin_lock(&object->lock);
    bool clean = !frame_flag_test(frame, FRAME_DIRTY);
    if (clean)
        *out = key(frame);
    spin_unlock(&object->lock);
    return clean;
}

unsigned replace_rank(struct ranked *out, unsigned count, const struct space *only,
                      uint32_t (*key)(struct frame *frame)) {
    unsigned used = 0;
    for (uint32_t number = 0; number < frame_limit - frame_first; number++) {
        struct frame *frame = replace_take(number, only);
        if (!frame)
            continue;
        struct ranked page = { .number = number };
        if (key_of(frame, key, &page.key))
            used = rank_insert(out, used, count, page);
        sweep_release(frame);
    }
    return used;
}

// A sweep costs the more the larger the machine is, so it yields the more. A space that is limited to
// few frames gets each decision from the present state.
static unsigned batch_size(const struct space *only) {
    uint64_t share = (frame_limit - frame_first) / 32;
    return only ? 1 : share > REPLACE_BATCH ? REPLACE_BATCH : share;
}

struct frame *replace_batch_next(struct replace_batch *batch, const struct space *only,
                                 uint32_t (*key)(struct frame *frame)) {
    bool fresh = false;
    for (;;) {
        if (batch->next == batch->count || batch->only != only) {
            if (fresh)
                return NULL;
            batch->count = replace_rank(batch->pages, batch_size(only), only, key);
            batch->next = 0;
            batch->only = only;
            fresh = true;
            continue;
        }
        struct frame *frame = replace_take(batch->pages[batch->next++].number, only);
        if (frame)
            return frame;
    }
}
