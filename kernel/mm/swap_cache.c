// The swap cache: pages in memory that have a slot, and the ways between the two.
#include <abi/errno.h>
#include <dev/block.h>
#include <debug/log.h>
#include <mm/frame.h>
#include <mm/page_lock.h>
#include <mm/radix.h>
#include <mm/rmap.h>
#include <mm/swap_internal.h>
#include <sched/wait.h>

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

// In the cache alone, and of no use there: no entry names it, or the disk has it as well.
static bool garbage(const struct frame *frame) {
    return frame_refs(frame) == 1 && !frame_flag_test(frame, FRAME_BUSY) &&
           (!slot_entries(frame->swap_slot) || !frame_flag_test(frame, FRAME_DIRTY));
}

struct frame *cache_take_garbage(uint32_t slot) {
    struct frame *frame = radix_find(&cache, slot);
    if (!frame || !garbage(frame))
        return NULL;
    cache_remove(frame);
    return frame;
}

void swap_page_put(struct frame *frame) {
    if (!__atomic_load_n(&frame->swap_slot, __ATOMIC_ACQUIRE)) {
        frame_put(frame);
        return;
    }
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

// A new busy frame under `slot`, or the one that somebody else has put there meanwhile.
static struct frame *cache_find_or_add(uint32_t slot, bool *added) {
    struct frame *fresh = frame_alloc(FRAME_ANON, 0), *frame = NULL;
    struct radix_stock stock = { 0 };
    bool again = false;
    *added = false;
    if (!fresh)
        return NULL;
    frame_flag_set(fresh, FRAME_BUSY);
    do {
        spin_lock(&swap_lock);
        frame = radix_find(&cache, slot);
        if (frame)
            frame_get(frame);
        else
            *added = cache_insert(fresh, slot, &stock, &again);
        spin_unlock(&swap_lock);
    } while (!frame && again && radix_stock_add(&stock) == 0);
    radix_stock_free(&stock);
    if (!*added)
        frame_put(fresh);
    return *added ? fresh : frame;
}

static int read_slot(uint32_t slot, struct frame *frame) {
    uint64_t sector;
    struct block_device *device = slot_place(slot, &sector);
    return block_transfer(device, BLOCK_READ, sector, frame_virt(frame), PAGE_SIZE);
}

// A page that could not be read leaves the cache; its slot stays with the entries that name it.
static void drop_unread(struct frame *frame) {
    spin_lock(&swap_lock);
    cache_remove(frame);
    spin_unlock(&swap_lock);
    page_unlock(frame);
    frame_put(frame);                   // the cache's
    frame_put(frame);
}

int swap_page_get(uint32_t slot, struct anon *anon, uint32_t page, struct frame **out,
                  bool *read) {
    for (;;) {
        struct frame *frame = cache_find(slot);
        bool added = false;
        if (!frame)
            frame = cache_find_or_add(slot, &added);
        if (!frame)
            return -ENOMEM;
        if (added) {
            frame->owner = anon_hold(anon);
            frame->anon_page = page;
            int error = read_slot(slot, frame);
            *read = true;
            if (error) {
                drop_unread(frame);
                return error;
            }
            frame_flag_set(frame, FRAME_UPTODATE);
            page_unlock(frame);
        }
        page_wait(frame);
        *out = frame;
        if (frame_flag_test(frame, FRAME_UPTODATE) && frame->swap_slot == slot)
            return 0;
        swap_page_put(frame);           // somebody else's reading failed, or it left the cache
    }
}

// --- to the disk ---

struct write {
    struct block_request request;
    struct frame *frame;
};

static struct spinlock written_lock = SPINLOCK_INIT("swap writes");
static struct wait_queue written_queue = WAIT_QUEUE_INIT(written_queue, "swap disk");
static unsigned writing;                // requests in flight; written_lock

static void write_done(struct block_request *request) {
    struct write *write = request->context;
    if (!request->error)
        frame_flag_clear(write->frame, FRAME_DIRTY);
    spin_lock(&written_lock);
    writing--;
    wake_all(&written_queue);
    spin_unlock(&written_lock);
}

static void write_start(struct write *write, struct frame *frame) {
    struct block_request *request = &write->request;
    write->frame = frame;
    *request = (struct block_request){ .op = BLOCK_WRITE, .segment_count = 1, .done = write_done,
                                       .context = write };
    request->segments[0] = (struct block_segment){ frame_virt(frame), PAGE_SIZE };
    struct block_device *device = slot_place(frame->swap_slot, &request->sector);
    block_submit(device, request);
}

void swap_write(struct frame **frames, unsigned count) {
    static struct write writes[SWAP_BATCH];     // reclaim's alone
    assert(count <= SWAP_BATCH);
    spin_lock(&written_lock);
    writing = count;
    spin_unlock(&written_lock);
    for (unsigned i = 0; i < count; i++)
        write_start(&writes[i], frames[i]);
    spin_lock(&written_lock);
    wait_event(&written_queue, writing == 0, &written_lock);
    spin_unlock(&written_lock);
    for (unsigned i = 0; i < count; i++)
        if (writes[i].request.error)
            log_warning("swap: a page could not be written: error %d", -writes[i].request.error);
}
