// The page cache: clean pages that no program maps go first when memory runs low.
//
// A clock (second chance): the hand goes round all frames of the machine. A page that was used
// since it last came by loses its mark, another goes. Dirty pages are left to the writer; when
// there is nothing else, reclaim waits for it to make some clean. It never writes itself: that
// might need a lock that somebody holds who waits for memory.
#include <mm/page_cache_internal.h>
#include <mm/reclaim.h>
#include <mm/sweep.h>

static uint32_t hand;                   // the reclaim thread's own

// A page that is in the cache and nowhere else: the tree's reference alone.
static bool unmapped_clean(const struct frame *frame) {
    return frame->kind == FRAME_CACHE && frame_refs(frame) == 1 &&
           !frame_flag_test(frame, FRAME_BUSY | FRAME_DIRTY | FRAME_PINNED);
}

bool page_drop_clean(struct frame *frame) {
    assert(frame_flag_test(frame, FRAME_BUSY));
    struct page_object *object = frame->owner;
    if (!object)
        return false;
    spin_lock(&object->lock);
    // The tree's and the caller's: nobody else has it, and nobody finds it while we hold the lock.
    bool gone = frame_refs(frame) == 2 && !frame_flag_test(frame, FRAME_DIRTY | FRAME_PINNED);
    if (gone)
        page_detach(object, frame);
    spin_unlock(&object->lock);
    if (gone)
        frame_put(frame);
    return gone;
}

bool page_drop_unmapped(struct frame *frame) {
    if (!unmapped_clean(frame) || !sweep_take(frame, FRAME_CACHE))
        return false;
    bool gone = page_drop_clean(frame);
    sweep_release(frame);
    return gone;
}

static bool hand_step(bool *spared) {
    struct frame *frame = &frame_table[hand];
    hand = hand + 1 < frame_limit - frame_first ? hand + 1 : 0;
    if (unmapped_clean(frame) && frame_flag_clear(frame, FRAME_REFERENCED)) {
        *spared = true;
        return false;
    }
    return page_drop_unmapped(frame);
}

// Twice round, if need be: a page that is spared goes when the hand comes by again, and before any page
// of a program does. But where nothing could go it only looks about a little, until there is more.
uint64_t page_cache_shrink(uint64_t wanted) {
    static uint64_t barren;     // so many pages were in the cache when none could go
    struct frame_stats stats;
    frame_stats_get(&stats);
    uint64_t freed = 0, all = frame_limit - frame_first, cached = stats.by_kind[FRAME_CACHE];
    bool spared = false;
    for (uint64_t left = cached > barren ? 2 * all : all / 8; left > 0 && freed < wanted; left--)
        freed += hand_step(&spared);
    barren = freed || spared ? 0 : cached;
    return freed;
}
