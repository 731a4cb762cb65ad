// The swap cache: pages in memory that have a slot, and the ways between the two.
#include <abi/errno.h>
#include <block/block.h>
#include <mm/counters.h>
#include <mm/frame.h>
#include <mm/page_lock.h>
#include <mm/radix.h>
#include <mm/rmap.h>
#include <mm/swap_internal.h>

#define READ_AHEAD 8                    // pages in one request

static struct radix_tree cache;         // slot -> frame, with a reference; swap_lock

// The tree and the slot let go of a page. Its reference is the caller's.
static void cache_remove(struct frame *frame) {
    radix_remove(&cache, frame->swap_slot);
    slot_clear_cached(frame->swap_slot);
    __atomic_store_n(&frame->swap_slot, 0, __ATOMIC_RELEASE);
}

// Adds `frame` under `slot` (0: a free one). False: no slot, or (*again) no node for the tree.
static bool cache_insert(struct frame *frame, uint32_t slot, struct radix_stock *stock,
                         bool *again) {
    uint32_t taken = slot ? slot : slot_take_cached();
    *again = false;
    if (!taken)
        return false;
    if (!radix_insert(&cache, taken, frame, stock)) {
        if (!slot)
            slot_clear_cached(taken);
        *again = true;
        return false;
    }
    slot_set_cached(taken);
    frame_get(frame);
    __atomic_store_n(&frame->swap_slot, taken, __ATOMIC_RELEASE);
    return true;
}

bool swap_cache_add(struct frame *frame) {
    struct radix_stock stock = { 0 };
    bool added, again;
    do {
        spin_lock(&swap_lock);
        added = cache_insert(frame, 0, &stock, &again);
        spin_unlock(&swap_lock);
    } while (again && radix_stock_add(&stock) == 0);
    radix_stock_free(&stock);
    if (added)
        frame_flag_set(frame, FRAME_DIRTY | FRAME_UPTODATE);
    return added;
}

bool swap_cache_take(struct frame *frame, unsigned entries, unsigned references) {
    assert(frame_flag_test(frame, FRAME_BUSY));
    spin_lock(&swap_lock);
    bool mine = frame->swap_slot && slot_entries(frame->swap_slot) == entries &&
                frame_refs(frame) == references;
    if (mine)
        cache_remove(frame);
    spin_unlock(&swap_lock);
    if (mine) {
        frame_flag_clear(frame, FRAME_DIRTY);
        frame_put(frame);               // the cache's
    }
    return mine;
}

struct frame *cache_take_garbage(uint32_t slot) {
    struct frame *frame = radix_find(&cache, slot);
    if (!frame || slot_entries(slot) || frame_refs(frame) > 1 || frame_flag_test(frame, FRAME_BUSY))
        return NULL;
    cache_remove(frame);
    return frame;
}

bool swap_cache_drop(struct frame *frame) {
    spin_lock(&swap_lock);
    bool gone = frame->swap_slot && frame_refs(frame) == 2 && !frame_flag_test(frame, FRAME_DIRTY);
    if (gone)
        cache_remove(frame);
    spin_unlock(&swap_lock);
    if (gone)
        frame_put(frame);               // the cache's
    return gone;
}

void swap_cached_put(struct frame *frame) {
    // One after the other, so that the last one sees that it is.
    spin_lock(&swap_lock);
    uint32_t slot = frame->swap_slot;
    frame_put(frame);
    struct frame *last = slot ? cache_take_garbage(slot) : NULL;
    spin_unlock(&swap_lock);
    if (last)
        frame_put(last);
}

void cache_forget(uint32_t first, uint32_t limit) {
    uint64_t slot = first;
    for (;; slot++) {
        spin_lock(&swap_lock);
        struct frame *frame = radix_next(&cache, &slot);
        if (!frame || slot >= limit) {
            spin_unlock(&swap_lock);
            return;
        }
        frame_get(frame);
        spin_unlock(&swap_lock);
        page_lock(frame);
        spin_lock(&swap_lock);
        bool ours = frame->swap_slot == slot && !slot_entries(slot);
        if (ours)
            cache_remove(frame);
        spin_unlock(&swap_lock);
        page_unlock(frame);
        if (ours)
            frame_put(frame);
        swap_page_put(frame);
    }
}

static struct frame *cache_find(uint32_t slot) {
    spin_lock(&swap_lock);
    struct frame *frame = radix_find(&cache, slot);
    if (frame)
        frame_get(frame);
    spin_unlock(&swap_lock);
    return frame;
}

// A new busy frame under `slot`: 0, -ENOMEM, or -EEXIST if that slot is not to be read: it is free, in
// the cache already, or not on the disk of `neighbour`.
static int cache_add_unread(uint32_t slot, uint32_t neighbour, struct frame **out) {
    struct radix_stock stock = { 0 };
    bool added = false, again;
    int error = 0;
    *out = frame_alloc(FRAME_ANON, 0);
    if (!*out)
        return -ENOMEM;
    frame_flag_set(*out, FRAME_BUSY);
    do {
        spin_lock(&swap_lock);
        again = false;
        if (slot_readable(slot, neighbour))
            added = cache_insert(*out, slot, &stock, &again);
        spin_unlock(&swap_lock);
    } while (again && !(error = radix_stock_add(&stock)));
    radix_stock_free(&stock);
    if (added)
        return 0;
    frame_put(*out);
    return error ? error : -EEXIST;
}

// Reading has ended: the page is up to date, or it leaves the cache, while its slot stays with the
// entries that name it.
static void read_done(struct frame *frame, int error) {
    if (!error) {
        frame_flag_set(frame, FRAME_UPTODATE);
    } else {
        spin_lock(&swap_lock);
        cache_remove(frame);
        spin_unlock(&swap_lock);
        frame_put(frame);               // the cache's
    }
    page_unlock(frame);
    swap_page_put(frame);
}

// Reads the page of `slot` into the cache, and with the same request its neighbours on both sides that
// are on the disk alone, as far as they lie in the same READ_AHEAD slots: pages that left memory together
// are often wanted together. 0, -ENOMEM or -EIO; 0 as well if somebody else was faster.
static int cache_read(uint32_t slot, bool alone) {
    struct frame *frames[READ_AHEAD];
    unsigned at = slot % READ_AHEAD, first = at, end = at;      // of the slots around it
    uint32_t base = slot - at;
    int wrong = cache_add_unread(slot, slot, &frames[end]);
    if (wrong)
        return wrong == -EEXIST ? 0 : wrong;
    end++;
    while (!alone && first > 0 && !cache_add_unread(base + first - 1, slot, &frames[first - 1]))
        first--;
    while (!alone && end < READ_AHEAD && !cache_add_unread(base + end, slot, &frames[end]))
        end++;
    struct block_request request = { .op = BLOCK_READ, .segment_count = end - first };
    for (unsigned i = first; i < end; i++)
        request.segments[i - first] = (struct block_segment){ frame_virt(frames[i]), PAGE_SIZE };
    struct block_device *device = slot_place(base + first, &request.sector);
    int error = block_request_run(device, &request);
    for (unsigned i = first; i < end; i++)
        read_done(frames[i], error);
    if (!error)
        vm_count_many(VM_SWAP_IN, end - first);
    // It may be one of the others that cannot be read.
    return error && end - first > 1 ? cache_read(slot, true) : error;
}

// A page that was read ahead does not know yet whose it is.
static void claim(struct frame *frame, struct anon *anon, uint32_t page) {
    spin_lock(&swap_lock);
    if (!frame->owner) {
        frame->anon_page = page;
        frame->owner = anon_hold(anon);
    }
    spin_unlock(&swap_lock);
}

int swap_page_get(uint32_t slot, struct anon *anon, uint32_t page, struct frame **out,
                  bool *read) {
    for (;;) {
        struct frame *frame = cache_find(slot);
        if (!frame) {
            int error = cache_read(slot, false);
            *read = true;
            if (error)
                return error;
            continue;
        }
        page_wait(frame);
        if (frame_flag_test(frame, FRAME_UPTODATE) && frame->swap_slot == slot) {
            claim(frame, anon, page);
            *out = frame;
            return 0;
        }
        swap_page_put(frame);           // somebody else's reading failed, or it left the cache
    }
}
