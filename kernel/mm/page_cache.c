// The page cache: finding pages and bringing them in.
#include <abi/errno.h>
#include <lib/string.h>
#include <mm/memory_object.h>
#include <mm/page_cache_internal.h>
#include <mm/replace.h>
#include <mm/space.h>
#include <sched/wait.h>

void page_object_init(struct page_object *object, const struct page_object_ops *ops) {
    memset(object, 0, sizeof(*object));
    object->ops = ops;
    object->dirty = (struct frame_list)FRAME_LIST_INIT;
    spin_init(&object->lock, "page object");
    mapping_init(&object->mapping);
    list_init(&object->memory_node);
}

// The page, in whatever state, with a reference; NULL if there is none.
static struct frame *page_find(struct page_object *object, uint64_t index) {
    spin_lock(&object->lock);
    struct frame *frame = radix_find(&object->tree, index);
    if (frame)
        frame_get(frame);
    spin_unlock(&object->lock);
    return frame;
}

struct frame *page_lookup(struct page_object *object, uint64_t index) {
    struct frame *frame = page_find(object, index);
    if (!frame)
        return NULL;
    uint16_t flags = __atomic_load_n(&frame->flags, __ATOMIC_ACQUIRE);
    if (!(flags & FRAME_UPTODATE)) {
        frame_put(frame);
        return NULL;
    }
    if (!(flags & FRAME_REFERENCED))
        frame_flag_set(frame, FRAME_REFERENCED);
    return frame;
}

// Puts a new frame into the tree, with a second reference for the tree. object->lock is held.
// False if the stock of nodes is too small.
static bool page_attach(struct page_object *object, uint64_t index, struct frame *frame,
                        uint16_t flags, struct radix_stock *stock) {
    if (!radix_insert(&object->tree, index, frame, stock))
        return false;
    frame_get(frame);
    frame->owner = object;
    frame->index = index;
    __atomic_store_n(&frame->flags, flags, __ATOMIC_RELEASE);
    object->pages++;
    replace_loaded(frame);
    return true;
}

void page_detach(struct page_object *object, struct frame *frame) {
    radix_remove(&object->tree, frame->index);
    object->pages--;
    if (frame_flag_test(frame, FRAME_DIRTY | FRAME_PINNED))
        page_forget_dirty(object, frame);
    __atomic_store_n(&frame->owner, NULL, __ATOMIC_RELEASE);
}

// Finds page `index`, or adds a fresh one with `flags`; *added tells which.
static int page_find_or_add(struct page_object *object, uint64_t index, uint16_t flags,
                            struct frame **out, bool *added) {
    struct frame *fresh = frame_alloc(FRAME_CACHE, flags & FRAME_UPTODATE ? FRAME_ZERO : 0);
    if (!fresh)
        return -ENOMEM;
    struct radix_stock stock = { 0 };
    struct frame *frame;
    int error = 0;
    *added = false;
    do {
        spin_lock(&object->lock);
        frame = radix_find(&object->tree, index);
        if (frame)
            frame_get(frame);
        else
            *added = page_attach(object, index, fresh, flags, &stock);
        spin_unlock(&object->lock);
    } while (!frame && !*added && !(error = radix_stock_add(&stock)));
    radix_stock_free(&stock);
    if (!*added)
        frame_put(fresh);
    *out = *added ? fresh : frame;
    return error;
}

// A read of busy pages has ended: they are up to date, or they go.
static void page_read_done(struct page_object *object, struct frame *frame, int error) {
    if (!error) {
        frame_flag_set(frame, FRAME_UPTODATE);
        page_unlock(frame);
        return;
    }
    spin_lock(&object->lock);
    page_detach(object, frame);
    spin_unlock(&object->lock);
    page_unlock(frame);
    frame_put(frame);               // the tree's
}

// The slow path of page_get and page_get_zero: the page may be absent, or on its way.
static int page_get_slow(struct page_object *object, uint64_t index, uint16_t flags,
                         struct frame **out) {
    if (index >= RADIX_INDEX_LIMIT)
        return -EFBIG;
    for (;;) {
        bool added;
        int error = page_find_or_add(object, index, flags, out, &added);
        if (error)
            return error;
        if (added && (flags & FRAME_BUSY)) {
            error = object->ops->read_page(object, index, *out);
            page_read_done(object, *out, error);
            if (error)
                frame_put(*out);
            return error;
        }
        if (!added)
            page_wait(*out);
        if (frame_flag_test(*out, FRAME_UPTODATE))
            return 0;
        frame_put(*out);            // whoever read it failed: try for ourselves
    }
}

int page_get(struct page_object *object, uint64_t index, struct frame **out) {
    *out = page_lookup(object, index);
    return *out ? 0 : page_get_slow(object, index, FRAME_BUSY, out);
}

int page_get_zero(struct page_object *object, uint64_t index, struct frame **out) {
    *out = page_lookup(object, index);
    return *out ? 0 : page_get_slow(object, index, FRAME_UPTODATE, out);
}

// Adds the absent pages from `index` on, busy, until one is there or `count` is reached.
static unsigned add_absent(struct page_object *object, uint64_t index, struct frame **frames,
                           uint64_t count) {
    unsigned n = 0;
    for (; n < count; n++) {
        bool added;
        if (page_find_or_add(object, index + n, FRAME_BUSY, &frames[n], &added) != 0)
            break;
        if (!added) {
            frame_put(frames[n]);
            break;
        }
    }
    return n;
}

void page_read_ahead(struct page_object *object, uint64_t index, uint64_t count) {
    if (!object->ops->read_pages || index >= RADIX_INDEX_LIMIT - PAGE_BATCH)
        return;
    struct frame *frames[PAGE_BATCH];
    unsigned n = add_absent(object, index, frames, count < PAGE_BATCH ? count : PAGE_BATCH);
    if (n == 0)
        return;
    int error = object->ops->read_pages(object, index, frames, n);
    for (unsigned i = 0; i < n; i++) {
        page_read_done(object, frames[i], error);
        frame_put(frames[i]);
    }
}

// Takes page *index or the first one after it out of the object, once nobody reads or writes
// it; false if there is none.
static bool page_drop_next(struct page_object *object, uint64_t *index) {
    spin_lock(&object->lock);
    struct frame *frame = radix_next(&object->tree, index);
    if (frame)
        frame_get(frame);
    spin_unlock(&object->lock);
    if (!frame)
        return false;
    page_lock(frame);
    spin_lock(&object->lock);
    bool ours = frame->owner == object;
    if (ours)
        page_detach(object, frame);
    spin_unlock(&object->lock);
    // A fault that found the page before may have shown it meanwhile; a later one looks at its
    // owner under the table's lock and lets go.
    if (ours && rmap_unmap_detached(&object->mapping, frame->index, frame).entries)
        space_flush_everywhere();
    page_unlock(frame);
    if (ours)
        frame_put(frame);           // the tree's
    frame_put(frame);
    return true;
}

void page_object_truncate(struct page_object *object, uint64_t first) {
    uint64_t index = first;
    while (__atomic_load_n(&object->pages, __ATOMIC_ACQUIRE) && index < RADIX_INDEX_LIMIT &&
           page_drop_next(object, &index))
        index++;
    memory_object_truncate(object, first);
}

static bool all_zero(const char *bytes, size_t size) {
    while (size > 0 && !*bytes)
        bytes++, size--;
    return size == 0;
}

int page_object_zero_tail(struct page_object *object, uint64_t size) {
    unsigned offset = size % PAGE_SIZE;
    struct frame *frame;
    if (offset == 0)
        return 0;
    int error = page_get(object, size / PAGE_SIZE, &frame);
    if (error)
        return error;
    char *tail = (char *)frame_virt(frame) + offset;
    // A page that need not change stays clean: it may lie in a hole, with no room on the disk.
    if (!all_zero(tail, PAGE_SIZE - offset)) {
        memset(tail, 0, PAGE_SIZE - offset);
        page_mark_dirty(frame);
    }
    frame_put(frame);
    return 0;
}

void page_object_destroy(struct page_object *object) {
    page_object_truncate(object, 0);
    assert(object->pages == 0 && object->dirty.count == 0 && object->writing == 0);
}
