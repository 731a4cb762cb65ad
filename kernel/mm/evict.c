#include <mm/evict.h>
#include <mm/memory_object.h>
#include <mm/page_cache.h>
#include <mm/page_lock.h>
#include <mm/reclaim.h>
#include <mm/replace.h>
#include <mm/rmap.h>
#include <mm/space.h>
#include <mm/swap.h>
#include <mm/sweep.h>
#include <sched/mutex.h>

#define BLOCK_TRIES 4           // blocks that are emptied in the hope for one

// One at a time: the policies keep their state without locks.
static struct mutex evict_lock = MUTEX_INIT(evict_lock, "eviction");

// Victims on their way out, busy and referenced, and the slots of those that go to a swap disk. Their
// entries are gone, but harts may know them still until the batch is finished.
struct batch {
    struct victim {
        struct frame *frame;
        uint32_t slot;
        bool dirty;             // the slot does not have it yet
    } victims[SWAP_BATCH];
    unsigned count;
};

// Out of all page tables. A page of a file on a disk needs no slot; one of a file in memory gets one,
// which the file will remember; a program's own gets one as well, and its entries say which. False if
// there is none.
static bool unmap_victim(struct victim *victim) {
    struct frame *frame = victim->frame;
    bool own = frame->kind == FRAME_ANON;
    if (!own && !frame_flag_test(frame, FRAME_PINNED)) {
        if (rmap_unmap(frame, 0).dirty)
            page_mark_dirty(frame);
        return true;
    }
    if (own && !frame->swap_slot && !swap_cache_add(frame))
        return false;
    victim->slot = own ? frame->swap_slot : swap_slot_take();
    if (!victim->slot)
        return false;
    // Before it is unmapped: whoever maps it to write from now on makes it dirty anew.
    victim->dirty = frame_flag_clear(frame, FRAME_DIRTY);
    rmap_unmap(frame, own ? pte_make_swap(victim->slot) : 0);
    return true;
}

static void write_dirty(const struct batch *batch) {
    struct swap_write dirty[SWAP_BATCH];
    unsigned writes = 0;
    for (unsigned i = 0; i < batch->count; i++) {
        const struct victim *victim = &batch->victims[i];
        if (victim->dirty)
            dirty[writes++] = (struct swap_write){ victim->frame, victim->slot };
    }
    if (writes)
        swap_write(dirty, writes);
}

static bool victim_drop(const struct victim *victim) {
    if (victim->frame->kind == FRAME_ANON)
        return swap_cache_drop(victim->frame);
    return victim->slot ? memory_page_drop(victim->frame, victim->slot)
                        : page_drop_clean(victim->frame);
}

// Writes what the disk does not have yet, and lets go of all: how many frames came free. A file's page
// that is clean goes; a dirty one is an ordinary page of the cache from now on.
static unsigned batch_finish(struct batch *batch) {
    unsigned freed = 0;
    // Entries are forgotten, and A bits that the policy has cleared are set anew.
    space_flush_everywhere();
    write_dirty(batch);
    for (unsigned i = 0; i < batch->count; i++) {
        freed += victim_drop(&batch->victims[i]);
        sweep_release(batch->victims[i].frame);
    }
    batch->count = 0;
    return freed;
}

// Puts a taken page into the batch, which is finished when it is full: false, and the page is given
// back, if there is no slot for it.
static bool batch_add(struct batch *batch, struct frame *frame, uint64_t *freed) {
    struct victim victim = { .frame = frame };
    if (!unmap_victim(&victim)) {
        sweep_release(frame);
        return false;
    }
    batch->victims[batch->count++] = victim;
    if (batch->count == SWAP_BATCH)
        *freed += batch_finish(batch);
    return true;
}

static uint64_t evict_locked(uint64_t wanted, const struct space *only) {
    struct batch batch = { .count = 0 };
    uint64_t freed = 0;
    // A victim need not give a frame (a file's page may be dirty): an end for that case.
    for (uint64_t tries = 4 * wanted + 4; freed + batch.count < wanted && tries; tries--) {
        struct frame *frame = replace_policy()->victim(only);
        if (!frame || !batch_add(&batch, frame, &freed))
            break;
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

// --- large blocks ---

// Could these frames all be free? A look without locks, so only a guess.
static bool block_may_go(uint32_t first, uint32_t size) {
    bool disk = swap_free() > size;
    for (uint32_t number = first, run; number < first + size; number += run) {
        const struct frame *frame = frame_by_number(number);
        enum frame_kind kind;
        run = frame_look(number, &kind);
        bool pinned = frame_flag_test(frame, FRAME_PINNED);
        bool may = kind == FRAME_FREE || (kind == FRAME_ANON && disk) ||
                   (kind == FRAME_CACHE && (pinned ? disk : !frame_flag_test(frame, FRAME_DIRTY)));
        if (!may)
            return false;
    }
    return true;
}

// Takes away what is in these frames, whoever uses them how much: are they one free block afterwards?
static bool block_empty(uint32_t first, uint32_t size) {
    struct batch batch = { .count = 0 };
    uint64_t freed = 0;
    for (uint32_t number = first; number < first + size; number++) {
        struct frame *frame = frame_by_number(number);
        if (!page_drop_unmapped(frame) && (frame = replace_take(number, NULL)) &&
            !batch_add(&batch, frame, &freed))
            break;
    }
    batch_finish(&batch);
    frames_complete_blocks();
    enum frame_kind kind;
    return frame_look(first, &kind) >= size && kind == FRAME_FREE;
}

void evict_block(unsigned order) {
    static uint64_t hand;       // the number of the next block, counted from address 0
    uint64_t first = (frame_first >> order) + 1, end = frame_limit >> order;
    unsigned tries = BLOCK_TRIES;
    mutex_lock(&evict_lock);
    for (uint64_t looks = first; looks < end && tries; looks++) {
        hand = hand < first || hand + 1 >= end ? first : hand + 1;
        uint32_t number = (hand << order) - frame_first;
        if (block_may_go(number, 1u << order))
            tries = block_empty(number, 1u << order) ? 0 : tries - 1;
    }
    mutex_unlock(&evict_lock);
}
