// The frame allocator: a buddy system (Knuth, TAOCP vol. 1, 2.5) over all of RAM, and before
// it a small stack of single frames for each hart, so that the common case takes no lock.
#include <lib/string.h>
#include <mm/evict.h>
#include <mm/frame_list.h>
#include <mm/heap_debug.h>
#include <mm/reclaim.h>
#include <mm/rmap.h>
#include <sched/hart.h>

#define CACHE_SIZE 64
#define CACHE_BATCH 32
#define ATTEMPTS 8                      // rounds of reclaim that a large allocation waits for

struct frame *frame_table;
uint64_t frame_first, frame_limit;

static struct spinlock buddy_lock = SPINLOCK_INIT("frames");
static struct frame_list free_blocks[FRAME_ORDERS];
static uint64_t buddy_free;             // frames in free_blocks
static uint64_t blocks_used[FRAME_ORDERS];      // of order 1 up; the rest of what is used is order 0
static uint64_t frames_total;

// Per hart; interrupts are off while it is used.
static struct frame_cache {
    uint64_t count;
    struct frame *frames[CACHE_SIZE];
    int64_t by_kind[FRAME_KIND_COUNT];  // allocated minus freed here: only the sum means something
} caches[HARTS_MAX];

// The compiler is to keep the address, as in hart_at.
static inline struct frame_cache *my_cache(void) {
    struct frame_cache *cache = &caches[current()->hart];
    __asm__("" : "+r"(cache));
    return cache;
}

// The other half of the block one order up. Blocks are aligned by physical address.
static struct frame *buddy_of(struct frame *frame, unsigned order) {
    uint64_t phys_number = (frame_first + frame_number(frame)) ^ (1ul << order);
    if (phys_number < frame_first || phys_number >= frame_limit)
        return NULL;
    return frame_by_number(phys_number - frame_first);
}

static void block_push(struct frame *frame, unsigned order) {
    frame->kind = FRAME_FREE;
    frame->order = order;
    frame_list_push(&free_blocks[order], frame);
}

static void buddy_free_block(struct frame *frame, unsigned order) {
    assert(spin_holding(&buddy_lock));
    buddy_free += 1ul << order;
    while (order < FRAME_ORDERS - 1) {
        struct frame *buddy = buddy_of(frame, order);
        if (!buddy || buddy->kind != FRAME_FREE || buddy->order != order)
            break;
        frame_list_remove(&free_blocks[order], buddy);
        buddy->order = 0;
        // The lower half heads the larger block; the other is no head any more.
        struct frame *upper = buddy < frame ? frame : buddy;
        frame = buddy < frame ? buddy : frame;
        upper->kind = FRAME_KERNEL;
        order++;
    }
    block_push(frame, order);
}

static struct frame *buddy_take(unsigned order) {
    assert(spin_holding(&buddy_lock));
    unsigned found = order;
    while (found < FRAME_ORDERS && !free_blocks[found].count)
        found++;
    if (found == FRAME_ORDERS)
        return NULL;
    struct frame *frame = frame_list_first(&free_blocks[found]);
    frame_list_remove(&free_blocks[found], frame);
    frame->kind = FRAME_KERNEL;
    while (found > order) {
        found--;
        block_push(frame + (1ul << found), found);
    }
    buddy_free -= 1ul << order;
    return frame;
}

// Takes the smallest block that there is, or as much of it as makes at most `most` frames, apart into
// single frames for the cache: false if there is none.
static bool cache_add_block(struct frame_cache *cache, uint32_t most) {
    unsigned order = 0;
    while (order < FRAME_ORDERS && !free_blocks[order].count)
        order++;
    while (order > 0 && 1u << order > most)
        order--;
    struct frame *block = buddy_take(order);
    for (uint32_t i = 0; block && i < 1u << order; i++) {
        block[i].kind = FRAME_KERNEL;
        cache->frames[cache->count++] = &block[i];
    }
    return block;
}

// Apart from the common way, as are the other detours here: that one saves few registers then.
//
// Of the reserve a cache gets the one frame that is asked for: whatever else lay there anybody could take.
static __attribute__((noinline)) void cache_refill(struct frame_cache *cache, uint64_t keep) {
    spin_lock(&buddy_lock);
    bool reserve = buddy_free <= watermarks.minimum;
    uint32_t batch = reserve ? 1 : CACHE_BATCH;
    if (!reserve && keep < watermarks.minimum)
        keep = watermarks.minimum;
    while (cache->count < batch && buddy_free > keep) {
        uint64_t most = buddy_free - keep, room = batch - cache->count;
        if (!cache_add_block(cache, most < room ? most : room))
            break;
    }
    bool low = buddy_free < watermarks.low;
    spin_unlock(&buddy_lock);
    if (low)
        reclaim_kick();
}

static void cache_drain(struct frame_cache *cache, uint32_t leave) {
    spin_lock(&buddy_lock);
    while (cache->count > leave)
        buddy_free_block(cache->frames[--cache->count], 0);
    spin_unlock(&buddy_lock);
}

static __attribute__((noinline)) struct frame *block_alloc(enum frame_kind kind, unsigned order,
                                                           unsigned how) {
    uint64_t keep = reclaim_reserve(how);
    spin_lock(&buddy_lock);
    struct frame *frame = NULL;
    if (order < FRAME_ORDERS && buddy_free > keep + (1ul << order))
        frame = buddy_take(order);
    if (frame) {
        blocks_used[order]++;
        my_cache()->by_kind[kind] += 1l << order;
    }
    spin_unlock(&buddy_lock);
    return frame;
}

static inline struct frame *single_alloc(enum frame_kind kind, unsigned how) {
    struct frame *frame = NULL;
    bool irq = irq_disable();
    struct frame_cache *cache = my_cache();
    if (__builtin_expect(!cache->count, false))
        cache_refill(cache, reclaim_reserve(how));
    if (cache->count) {
        frame = cache->frames[--cache->count];
        cache->by_kind[kind]++;
    }
    irq_restore(irq);
    return frame;
}

// One attempt, no reclaim; leaves in the buddy lists what `how` may not have.
static inline struct frame *try_alloc(enum frame_kind kind, unsigned order, unsigned how) {
    return order ? block_alloc(kind, order, how) : single_alloc(kind, how);
}

void frames_complete_blocks(void) {
    bool irq = irq_disable();
    cache_drain(my_cache(), 0);
    irq_restore(irq);
}

// Makes room for a block, and takes it at once: it would not last long where everybody needs frames.
static struct frame *block_make(enum frame_kind kind, unsigned order) {
    bool before = reclaim_reserve_begin();
    evict_block(order);
    struct frame *frame = try_alloc(kind, order, FRAME_NOWAIT);
    reclaim_reserve_end(before);
    return frame;
}

// As long as reclaim frees something; but a large block may not be there although enough frames are, so
// the attempts at one have an end.
static __attribute__((noinline)) struct frame *alloc_waiting(enum frame_kind kind, unsigned order,
                                                             unsigned how) {
    struct frame *frame = NULL;
    bool again = order < FRAME_ORDERS;
    for (unsigned attempts = 1; !frame && again; attempts++) {
        if (order)
            frames_complete_blocks();
        again = !(how & FRAME_NOWAIT) && reclaim_wait() && (!order || attempts < ATTEMPTS);
        frame = try_alloc(kind, order, how);
        if (!frame && order && again)
            frame = block_make(kind, order);
    }
    return frame;
}

struct frame *frames_alloc(enum frame_kind kind, unsigned order, unsigned how) {
    if (DEBUG_HEAP && heap_debug_fails())
        return NULL;
    struct frame *frame = try_alloc(kind, order, how);
    if (!frame)
        frame = alloc_waiting(kind, order, how);
    if (!frame)
        return NULL;
    frame->refs = 1;
    frame->kind = kind;
    frame->order = order;
    frame->flags = 0;
    frame->next = frame->prev = FRAME_NONE;
    frame->owner = NULL;
    frame->index = 0;
    if (DEBUG_HEAP)
        frame_debug_alloc(frame, CALLER);
    if (how & FRAME_ZERO)
        memset(frame_virt(frame), 0, PAGE_SIZE << order);
    return frame;
}

bool frame_try_get(struct frame *frame) {
    uint32_t refs = frame_refs(frame);
    while (refs && !__atomic_compare_exchange_n(&frame->refs, &refs, refs + 1, false,
                                                __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        ;
    return refs;
}

void frame_put_last(struct frame *frame, uint32_t before) {
    if (DEBUG_HEAP && before == 0)
        frame_debug_over_put(frame, CALLER);
    assert(before != 0);
    if (frame->kind == FRAME_ANON && frame->owner)
        anon_put(frame->owner);
    if (DEBUG_HEAP)
        frame_debug_free(frame, CALLER);
    unsigned order = frame->order;
    bool irq = irq_disable();
    struct frame_cache *cache = my_cache();
    cache->by_kind[frame->kind] -= 1l << order;
    frame->kind = FRAME_KERNEL;         // not FREE: it is not in the buddy lists
    if (order) {
        spin_lock(&buddy_lock);
        blocks_used[order]--;
        buddy_free_block(frame, order);
        spin_unlock(&buddy_lock);
    } else {
        if (cache->count == CACHE_SIZE)
            cache_drain(cache, CACHE_BATCH);
        cache->frames[cache->count++] = frame;
    }
    irq_restore(irq);
}

static uint64_t frames_cached(void) {
    uint64_t cached = 0;
    for (int i = 0; i < HARTS_MAX; i++)
        cached += caches[i].count;
    return cached;
}

uint64_t frames_free(void) { return buddy_free + frames_cached(); }

void frame_orders_get(struct frame_orders *orders) {
    spin_lock(&buddy_lock);
    orders->cached = frames_cached();
    uint64_t single = frames_total - buddy_free - orders->cached;
    for (unsigned order = 1; order < FRAME_ORDERS; order++) {
        orders->used[order] = blocks_used[order];
        single -= blocks_used[order] << order;
    }
    orders->used[0] = single;
    for (unsigned order = 0; order < FRAME_ORDERS; order++)
        orders->free[order] = free_blocks[order].count;
    spin_unlock(&buddy_lock);
}

void frame_stats_get(struct frame_stats *stats) {
    *stats = (struct frame_stats){ .total = frames_total, .free = frames_free() };
    for (int kind = 0; kind < FRAME_KIND_COUNT; kind++) {
        int64_t sum = 0;
        for (int i = 0; i < HARTS_MAX; i++)
            sum += caches[i].by_kind[kind];
        stats->by_kind[kind] = sum > 0 ? sum : 0;
    }
}

// The first frame of the block that `number` lies in, as far as there is one: it is aligned.
static struct frame *block_head(uint32_t number) {
    for (unsigned order = FRAME_ORDERS - 1; order > 0; order--) {
        uint64_t head = (frame_first + number) & -(1ul << order);
        struct frame *frame = frame_by_number(head - frame_first);
        if (head >= frame_first && frame->order >= order &&
            (frame->kind == FRAME_FREE || frame_refs(frame)))
            return frame;
    }
    return frame_by_number(number);
}

// All may change between two looks.
uint32_t frame_look(uint32_t number, enum frame_kind *kind) {
    const struct frame *head = block_head(number);
    uint64_t end = number + 1ul;
    *kind = head->kind;
    if (*kind == FRAME_FREE || frame_refs(head))
        end = frame_number(head) + (1ul << head->order % FRAME_ORDERS);
    else if (*kind == FRAME_KERNEL)
        *kind = FRAME_FREE;             // in a hart's cache
    if (end > frame_limit - frame_first)
        end = frame_limit - frame_first;
    return end > number ? end - number : 1;
}

void frame_init(struct frame *table, uint64_t ram_start, uint64_t ram_end) {
    frame_table = table;
    frame_first = ram_start >> PAGE_SHIFT;
    frame_limit = ram_end >> PAGE_SHIFT;
    for (int order = 0; order < FRAME_ORDERS; order++)
        free_blocks[order] = (struct frame_list)FRAME_LIST_INIT;
    // All zeros is a reserved frame.
    memset(table, 0, (frame_limit - frame_first) * sizeof *table);
}

// The largest aligned block that begins at frame number `phys_number` and ends by `limit`.
static unsigned largest_order(uint64_t phys_number, uint64_t limit) {
    unsigned order = 0;
    while (order + 1 < FRAME_ORDERS && !(phys_number & ((2ul << order) - 1)) &&
           phys_number + (2ul << order) <= limit)
        order++;
    return order;
}

void frame_add_free(uint64_t start, uint64_t end) {
    uint64_t number = page_ceil(start) >> PAGE_SHIFT, limit = end >> PAGE_SHIFT;
    spin_lock(&buddy_lock);
    while (number < limit) {
        unsigned order = largest_order(number, limit);
        buddy_free_block(frame_by_number(number - frame_first), order);
        frames_total += 1ul << order;
        number += 1ul << order;
    }
    spin_unlock(&buddy_lock);
}
