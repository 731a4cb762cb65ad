// The page cache: which pages go when memory runs low (the clock, or second-chance, algorithm).
//
// All clean pages are on one list. The hand takes them from its end: a page that was used since
// it last came by goes round once more, another goes. Dirty pages are not on the list; when too
// few clean ones are found, reclaim waits for the writer to make some. It never writes itself:
// its caller may hold any sleeping lock, which writing might need.
#include <mm/page_cache_internal.h>

#define HAND_STEPS 32               // pages looked at with the lock held, interrupts off

static struct spinlock clock_lock = SPINLOCK_INIT("page clock");
static struct frame_list clock_list = FRAME_LIST_INIT;

void page_clock_add(struct frame *frame) {
    spin_lock(&clock_lock);
    frame_list_push(&clock_list, frame);
    spin_unlock(&clock_lock);
}

void page_clock_remove(struct frame *frame) {
    spin_lock(&clock_lock);
    frame_list_remove(&clock_list, frame);
    spin_unlock(&clock_lock);
}

// May `frame` go? Both locks are held, so that nobody can find it meanwhile; the one reference
// is the tree's.
static bool evictable(const struct frame *frame) {
    return frame_refs(frame) == 1 && !frame_flag_test(frame, FRAME_BUSY | FRAME_DIRTY);
}

// One step of the hand, with the clock's lock held: the page that went, or NULL. The object
// cannot vanish while its page is on the list and we hold the list; its lock comes before ours,
// hence the try.
static struct frame *hand_step(void) {
    struct frame *frame = frame_list_last(&clock_list);
    struct page_object *object = frame->owner;
    frame_list_remove(&clock_list, frame);
    frame_list_push(&clock_list, frame);
    if (frame_flag_clear(frame, FRAME_REFERENCED) || !spin_trylock(&object->lock))
        return NULL;
    bool gone = evictable(frame);
    if (gone) {
        frame_list_remove(&clock_list, frame);
        radix_remove(&object->tree, frame->index);
        object->pages--;
        __atomic_store_n(&frame->owner, NULL, __ATOMIC_RELEASE);
    }
    spin_unlock(&object->lock);
    return gone ? frame : NULL;
}

// A few steps: the number of frames freed.
static uint64_t hand_turn(uint64_t wanted) {
    struct frame *gone[HAND_STEPS];
    unsigned freed = 0;
    spin_lock(&clock_lock);
    for (unsigned i = 0; i < HAND_STEPS && freed < wanted && clock_list.count > 0; i++) {
        struct frame *frame = hand_step();
        if (frame)
            gone[freed++] = frame;
    }
    spin_unlock(&clock_lock);
    for (unsigned i = 0; i < freed; i++)
        frame_put(gone[i]);
    return freed;
}

// Goes round at most twice: once to take the marks away, once to take the pages.
static uint64_t clock_shrink(uint64_t wanted) {
    uint64_t freed = 0;
    uint64_t steps = 2 * __atomic_load_n(&clock_list.count, __ATOMIC_RELAXED);
    for (uint64_t step = 0; step < steps && freed < wanted; step += HAND_STEPS)
        freed += hand_turn(wanted - freed);
    return freed;
}

static uint64_t page_cache_shrink(uint64_t wanted) {
    uint64_t freed = clock_shrink(wanted);
    if (freed == 0 && page_dirty_count() > 0) {
        page_writer_wait();
        freed += clock_shrink(wanted - freed);
    }
    return freed;
}

void page_clock_init(void) {
    static struct shrinker shrinker = { .name = "page cache", .shrink = page_cache_shrink };
    shrinker_register(&shrinker);
}
