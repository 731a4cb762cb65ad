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

// Victims on their way out, busy and referenced. Their entries are gone, but harts may know them
// still until the batch is finished.
struct batch {
    struct frame *frames[SWAP_BATCH];
    unsigned count;
};

// Out of all page tables; a program's own page gets a slot, and its entries say which: false if
// there is none.
static bool unmap_victim(struct frame *frame) {
    if (frame->kind == FRAME_CACHE) {
        if (rmap_unmap(frame, 0).dirty)
            page_mark_dirty(frame);
        return true;
    }
    if (!frame->swap_slot && !swap_cache_add(frame))
        return false;
    rmap_unmap(frame, pte_make_swap(frame->swap_slot));
    return true;
}

static void write_dirty(struct batch *batch) {
    struct frame *dirty[SWAP_BATCH];
    unsigned writes = 0;
    for (unsigned i = 0; i < batch->count; i++) {
        struct frame *frame = batch->frames[i];
        if (frame->kind != FRAME_ANON || !frame_flag_test(frame, FRAME_DIRTY))
            continue;
        dirty[writes++] = frame;
        vm_count(VM_SWAP_OUT);
    }
    if (writes)
        swap_write(dirty, writes);
}

// Writes what the disk does not have yet, and lets go of all: how many frames came free. A file's page
// that is clean goes; a dirty one is an ordinary page of the cache from now on.
static unsigned batch_finish(struct batch *batch) {
    unsigned freed = 0;
    // Entries are forgotten, and A bits that the policy has cleared are set anew.
    space_flush_everywhere();
    write_dirty(batch);
    for (unsigned i = 0; i < batch->count; i++) {
        struct frame *frame = batch->frames[i];
        freed += frame->kind == FRAME_CACHE ? page_drop_clean(frame)
                                            : swap_cache_drop(frame);
        sweep_release(frame);
    }
    batch->count = 0;
    return freed;
}

static uint64_t evict_locked(uint64_t wanted, const struct space *only) {
    struct batch batch = { .count = 0 };
    uint64_t freed = 0;
    // A victim need not give a frame (a file's page may be dirty): an end for that case.
    for (uint64_t tries = 4 * wanted + 4; freed + batch.count < wanted && tries; tries--) {
        struct frame *frame = replace_policy()->victim(only);
        if (!frame)
            break;
        if (!unmap_victim(frame)) {
            sweep_release(frame);
            break;
        }
        batch.frames[batch.count++] = frame;
        if (batch.count == SWAP_BATCH)
            freed += batch_finish(&batch);
    }
    return freed + batch_finish(&batch);
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
