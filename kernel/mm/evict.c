#include <mm/counters.h>
#include <mm/evict.h>
#include <mm/page_cache.h>
#include <mm/page_lock.h>
#include <mm/reclaim.h>
#include <mm/replace.h>
#include <mm/rmap.h>
#include <mm/space.h>
#include <mm/swap.h>
#include <mm/sweep.h>
#include <sched/mutex.h>

// One at a time: the policies keep their state without locks.
static struct mutex evict_lock = MUTEX_INIT(evict_lock, "eviction");

// Victims on their way out, busy and referenced; all are unmapped.
struct batch {
    struct frame *frames[SWAP_BATCH];
    unsigned count;
};

// A file's page: it becomes an ordinary page of the cache; clean, it goes at once.
static bool evict_file_page(struct frame *frame) {
    struct rmap_result seen = rmap_unmap(frame, 0);
    if (seen.dirty)
        page_mark_dirty(frame);
    bool gone = page_drop_clean(frame);
    sweep_release(frame);
    return gone;
}

// A page of a program's own gets a slot, and its entries say which: false if there is no slot.
static bool unmap_to_slot(struct frame *frame) {
    if (!frame->swap_slot && !swap_cache_add(frame))
        return false;
    rmap_unmap(frame, pte_make_swap(frame->swap_slot));
    return true;
}

// Writes what the disk does not have yet, and lets go of all: how many frames came free.
static unsigned batch_finish(struct batch *batch) {
    struct frame *dirty[SWAP_BATCH];
    unsigned writes = 0, freed = 0;
    for (unsigned i = 0; i < batch->count; i++)
        if (frame_flag_test(batch->frames[i], FRAME_DIRTY))
            dirty[writes++] = batch->frames[i];
    if (writes)
        swap_write(dirty, writes);
    for (unsigned i = 0; i < writes; i++)
        vm_count(VM_SWAP_OUT);
    for (unsigned i = 0; i < batch->count; i++) {
        freed += !frame_flag_test(batch->frames[i], FRAME_DIRTY);
        sweep_release(batch->frames[i]);
    }
    batch->count = 0;
    return freed;
}

// Fills the batch, or evicts a file's page: false when the policy has no more victims, or there is
// no slot for one.
static bool evict_next(struct batch *batch, const struct space *only, uint64_t *freed) {
    struct frame *frame = replace_policy()->victim(only);
    if (!frame)
        return false;
    if (frame->kind == FRAME_CACHE) {
        *freed += evict_file_page(frame);
        return true;
    }
    if (!unmap_to_slot(frame)) {
        sweep_release(frame);
        return false;
    }
    batch->frames[batch->count++] = frame;
    return true;
}

static uint64_t evict_locked(uint64_t wanted, const struct space *only) {
    struct batch batch = { .count = 0 };
    uint64_t freed = 0;
    bool more = true;
    // A victim need not give a frame (a file's page may be dirty): an end for that case.
    for (uint64_t tries = 4 * wanted + 4; more && freed + batch.count < wanted && tries; tries--) {
        more = evict_next(&batch, only, &freed);
        if (batch.count == SWAP_BATCH)
            freed += batch_finish(&batch);
    }
    freed += batch_finish(&batch);
    // A bits were cleared, and are only set again by harts that have forgotten the entries.
    space_flush_everywhere();
    return freed;
}

uint64_t evict_pages(uint64_t wanted) {
    mutex_lock(&evict_lock);
    uint64_t freed = evict_locked(wanted, NULL);
    mutex_unlock(&evict_lock);
    return freed;
}

bool evict_from_space(struct space *space) {
    mutex_lock(&evict_lock);
    bool any = evict_locked(1, space) > 0;
    mutex_unlock(&evict_lock);
    return any;
}
