#include <lib/string.h>
#include <mm/memory_object.h>
#include <mm/page_cache_internal.h>
#include <mm/swap.h>
#include <sched/mutex.h>

// Objects that have slots. The lock is for the list, and is taken with object->lock held; the mutex
// keeps an object that is on it from going away.
static struct spinlock list_lock = SPINLOCK_INIT("objects with swap slots");
static struct list objects = LIST_INIT(objects);
static struct mutex leaving = MUTEX_INIT(leaving, "objects with swap slots");

static uint32_t slot_of(void *value) { return (uintptr_t)value; }

// The page's slot, with an entry more that names it, or 0: it may be truncated away meanwhile.
static uint32_t slot_hold(struct page_object *object, uint64_t index) {
    spin_lock(&object->lock);
    uint32_t slot = slot_of(radix_find(&object->slots, index));
    if (slot)
        swap_slot_get(slot);
    spin_unlock(&object->lock);
    return slot;
}

static void slot_forget(struct page_object *object, uint64_t index) {
    spin_lock(&object->lock);
    uint32_t slot = slot_of(radix_remove(&object->slots, index));
    spin_unlock(&object->lock);
    if (slot)
        swap_slot_put(slot);
}

int memory_page_read(struct page_object *object, uint64_t index, struct frame *frame) {
    uint32_t slot = slot_hold(object, index);
    if (!slot) {
        memset(frame_virt(frame), 0, PAGE_SIZE);
        return 0;
    }
    int error = swap_slot_read(slot, frame_virt(frame));
    swap_slot_put(slot);
    if (error)
        return error;
    // The page is the only copy again.
    page_mark_dirty(frame);
    slot_forget(object, index);
    return 0;
}

static void list_object(struct page_object *object) {
    spin_lock(&list_lock);
    if (list_empty(&object->memory_node))
        list_push_back(&objects, &object->memory_node);
    spin_unlock(&list_lock);
}

bool memory_page_drop(struct frame *frame, uint32_t slot) {
    struct page_object *object = frame->owner;
    struct radix_stock stock = { 0 };
    bool goes, gone;
    do {
        spin_lock(&object->lock);
        // The tree's reference and the caller's.
        goes = frame_refs(frame) == 2 && !frame_flag_test(frame, FRAME_DIRTY);
        gone = goes && radix_insert(&object->slots, frame->index, (void *)(uintptr_t)slot, &stock);
        if (gone) {
            page_detach(object, frame);
            list_object(object);
        }
        spin_unlock(&object->lock);
    } while (goes && !gone && radix_stock_add(&stock) == 0);
    radix_stock_free(&stock);
    if (gone) {
        frame_put(frame);
    } else {
        frame_flag_set(frame, FRAME_DIRTY);
        swap_slot_put(slot);
    }
    return gone;
}

uint32_t memory_page_slot(struct page_object *object, uint64_t index) {
    spin_lock(&object->lock);
    uint32_t slot = slot_of(radix_find(&object->slots, index));
    spin_unlock(&object->lock);
    return slot;
}

bool memory_object_has_slots(struct page_object *object) {
    spin_lock(&object->lock);
    bool any = object->slots.root;
    spin_unlock(&object->lock);
    return any;
}

static void leave_list(struct page_object *object) {
    mutex_lock(&leaving);
    spin_lock(&object->lock);
    spin_lock(&list_lock);
    if (!object->slots.root && !list_empty(&object->memory_node))
        list_remove(&object->memory_node);
    spin_unlock(&list_lock);
    spin_unlock(&object->lock);
    mutex_unlock(&leaving);
}

void memory_object_truncate(struct page_object *object, uint64_t first) {
    while (memory_object_has_slots(object)) {
        spin_lock(&object->lock);
        void *found = radix_next(&object->slots, &first);
        if (found)
            radix_remove(&object->slots, first);
        spin_unlock(&object->lock);
        if (!found)
            break;
        swap_slot_put(slot_of(found));
    }
    if (!list_empty(&object->memory_node))
        leave_list(object);
}

// The first page from *index on whose slot is in [first, limit).
static bool next_in(struct page_object *object, uint64_t *index, uint32_t first, uint32_t limit) {
    void *found;
    spin_lock(&object->lock);
    while ((found = radix_next(&object->slots, index)) &&
           (slot_of(found) < first || slot_of(found) >= limit))
        ++*index;
    spin_unlock(&object->lock);
    return found;
}

static int read_object(struct page_object *object, uint32_t first, uint32_t limit) {
    uint64_t index = 0;
    while (next_in(object, &index, first, limit)) {
        struct frame *frame;
        int error = page_get(object, index, &frame);
        if (error)
            return error;
        frame_put(frame);
    }
    return 0;
}

// Objects join at the end at any time, and leave under the mutex.
static struct page_object *object_after(const struct list *node) {
    spin_lock(&list_lock);
    struct list *next = node->next;
    spin_unlock(&list_lock);
    return next == &objects ? NULL : container_of(next, struct page_object, memory_node);
}

int memory_objects_read(uint32_t first, uint32_t limit) {
    int error = 0;
    mutex_lock(&leaving);
    for (struct page_object *object = object_after(&objects); object && !error;
         object = object_after(&object->memory_node))
        error = read_object(object, first, limit);
    mutex_unlock(&leaving);
    return error;
}
