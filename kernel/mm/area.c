// Areas: the ordered set of ranges that a space is made of.
#include <abi/errno.h>
#include <mm/heap.h>
#include <mm/page_cache.h>
#include <mm/space.h>

#define MMAP_TOP (USER_LIMIT - (64ul << 20))    // below the stack's range
#define MMAP_BOTTOM 0x10000

// The first area that ends above `va`, or NULL. The hint makes runs of faults in one area
// cheap; the list is short (a program has tens of areas).
static struct area *area_at_or_after(struct space *space, uint64_t va) {
    struct area *area;
    list_for_each(area, &space->areas, node) {
        if (area->end > va)
            return area;
    }
    return NULL;
}

struct area *space_area(struct space *space, uint64_t va) {
    struct area *recent = __atomic_load_n(&space->recent, __ATOMIC_RELAXED);
    if (recent && recent->start <= va && va < recent->end)
        return recent;
    struct area *area = area_at_or_after(space, va);
    if (!area || area->start > va)
        return NULL;
    __atomic_store_n(&space->recent, area, __ATOMIC_RELAXED);
    return area;
}

static bool range_free(struct space *space, uint64_t start, uint64_t end) {
    struct area *area = area_at_or_after(space, start);
    return !area || area->start >= end;
}

static void area_insert(struct space *space, struct area *area) {
    struct area *after = area_at_or_after(space, area->start);
    list_push_back(after ? &after->node : &space->areas, &area->node);
    space->size += area->end - area->start;
}

static void area_free(struct space *space, struct area *area) {
    space->recent = NULL;
    space->size -= area->end - area->start;
    list_remove(&area->node);
    if (area->object)
        area->object->ops->release(area->object);
    kfree(area);
}

static struct area *area_create(uint64_t start, uint64_t end, unsigned rights,
                                struct page_object *object, uint64_t object_page) {
    struct area *area = kmalloc(sizeof *area);
    if (!area)
        return NULL;
    *area = (struct area){ .start = start, .end = end, .rights = rights, .object = object,
                           .object_page = object_page };
    list_init(&area->node);
    if (object)
        object->ops->hold(object);
    return area;
}

// Makes `at` a boundary between areas: 0 or -ENOMEM.
static int area_split(struct space *space, uint64_t at) {
    struct area *area = space_area(space, at);
    if (!area || area->start == at)
        return 0;
    struct area *upper = area_create(at, area->end, area->rights, area->object,
                                     area->object_page + ((at - area->start) >> PAGE_SHIFT));
    if (!upper)
        return -ENOMEM;
    upper->stack = area->stack;
    space->size -= upper->end - at;
    area->end = at;
    area_insert(space, upper);
    return 0;
}

// Grows the neighbour below instead of making a new area, where both are plain zero-fill: a
// heap that grows by steps stays one area.
static bool area_extend(struct space *space, uint64_t start, uint64_t end, unsigned rights) {
    struct area *below = start ? space_area(space, start - 1) : NULL;
    if (!below || below->object || below->stack || below->rights != rights)
        return false;
    below->end = end;
    space->size += end - start;
    return true;
}

static int map_locked(struct space *space, uint64_t start, uint64_t end, unsigned rights,
                      struct page_object *object, uint64_t object_page) {
    if (!range_free(space, start, end))
        return -EEXIST;
    if (!object && area_extend(space, start, end, rights))
        return 0;
    struct area *area = area_create(start, end, rights, object, object_page);
    if (!area)
        return -ENOMEM;
    area_insert(space, area);
    return 0;
}

int space_map(struct space *space, uint64_t start, uint64_t end, unsigned rights,
              struct page_object *object, uint64_t object_page) {
    assert(start < end && end <= USER_LIMIT);
    rwmutex_write_lock(&space->lock);
    int error = map_locked(space, start, end, rights, object, object_page);
    rwmutex_write_unlock(&space->lock);
    return error;
}

int space_map_stack(struct space *space, uint64_t start, uint64_t end) {
    rwmutex_write_lock(&space->lock);
    int error = map_locked(space, start, end, ACCESS_READ | ACCESS_WRITE, NULL, 0);
    if (!error)
        space_area(space, start)->stack = true;
    rwmutex_write_unlock(&space->lock);
    return error;
}

static int unmap_locked(struct space *space, uint64_t start, uint64_t end) {
    int error = area_split(space, start);
    if (!error)
        error = area_split(space, end);
    if (error)
        return error;
    struct area *area = area_at_or_after(space, start);
    while (area && area->start < end) {
        space_unmap_pages(space, area->start, area->end);
        area_free(space, area);
        area = area_at_or_after(space, start);
    }
    return 0;
}

int space_unmap(struct space *space, uint64_t start, uint64_t end) {
    rwmutex_write_lock(&space->lock);
    int error = unmap_locked(space, start, end);
    rwmutex_write_unlock(&space->lock);
    return error;
}

// Is every page of the range in some area?
static bool range_covered(struct space *space, uint64_t start, uint64_t end) {
    while (start < end) {
        struct area *area = space_area(space, start);
        if (!area)
            return false;
        start = area->end;
    }
    return true;
}

static int protect_locked(struct space *space, uint64_t start, uint64_t end, unsigned rights) {
    if (!range_covered(space, start, end))
        return -ENOMEM;
    int error = area_split(space, start);
    if (!error)
        error = area_split(space, end);
    if (error)
        return error;
    for (uint64_t at = start; at < end;) {
        struct area *area = space_area(space, at);
        area->rights = rights;
        at = area->end;
    }
    space_protect_pages(space, start, end, rights);
    return 0;
}

int space_protect(struct space *space, uint64_t start, uint64_t end, unsigned rights) {
    rwmutex_write_lock(&space->lock);
    int error = protect_locked(space, start, end, rights);
    rwmutex_write_unlock(&space->lock);
    return error;
}

// From the top down, below the stack: the heap has the room from the bottom up.
static uint64_t find_locked(struct space *space, uint64_t hint, uint64_t size) {
    if (hint >= MMAP_BOTTOM && hint <= USER_LIMIT && size <= USER_LIMIT - hint &&
        range_free(space, hint, hint + size))
        return hint;
    uint64_t top = MMAP_TOP;
    for (struct list *node = space->areas.prev; node != &space->areas; node = node->prev) {
        struct area *area = container_of(node, struct area, node);
        if (area->start >= top)
            continue;
        if (area->end < top && top - area->end >= size)
            break;
        top = area->start;
    }
    uint64_t floor = space->brk ? page_ceil(space->brk) : MMAP_BOTTOM;
    return top >= size && top - size >= floor ? top - size : 0;
}

uint64_t space_find(struct space *space, uint64_t hint, uint64_t size) {
    rwmutex_read_lock(&space->lock);
    uint64_t start = find_locked(space, hint, size);
    rwmutex_read_unlock(&space->lock);
    return start;
}

uint64_t space_brk(struct space *space, uint64_t wanted, uint64_t limit) {
    rwmutex_write_lock(&space->lock);
    uint64_t old_end = page_ceil(space->brk);
    if (wanted >= space->brk_start && wanted <= MMAP_TOP && wanted - space->brk_start <= limit) {
        uint64_t end = page_ceil(wanted);
        int error = 0;
        if (end > old_end)
            error = map_locked(space, old_end, end, ACCESS_READ | ACCESS_WRITE, NULL, 0);
        else if (end < old_end)
            error = unmap_locked(space, end, old_end);
        if (!error)
            space->brk = wanted;
    }
    uint64_t now = space->brk;
    rwmutex_write_unlock(&space->lock);
    return now;
}

static int64_t remap_locked(struct space *space, uint64_t start, uint64_t old, uint64_t size,
                            bool may_move) {
    struct area *area = space_area(space, start);
    if (!area || area->end < start + old)
        return -EFAULT;
    if (size <= old) {
        int error = size < old ? unmap_locked(space, start + size, start + old) : 0;
        return error ? error : (int64_t)start;
    }
    if (area->end == start + old && size <= USER_LIMIT - start &&
        range_free(space, start + old, start + size)) {
        space->size += size - old;
        area->end = start + size;
        return start;
    }
    if (!may_move)
        return -ENOMEM;
    uint64_t to = find_locked(space, 0, size);
    if (!to)
        return -ENOMEM;
    uint64_t object_page = area->object_page + ((start - area->start) >> PAGE_SHIFT);
    struct area *moved = area_create(to, to + size, area->rights, area->object, object_page);
    if (!moved)
        return -ENOMEM;
    area_insert(space, moved);
    int error = space_move_pages(space, start, to, old);
    if (!error)
        error = unmap_locked(space, start, start + old);
    return error ? error : (int64_t)to;
}

int64_t space_remap(struct space *space, uint64_t start, uint64_t old, uint64_t size,
                    bool may_move) {
    rwmutex_write_lock(&space->lock);
    int64_t result = remap_locked(space, start, old, size, may_move);
    rwmutex_write_unlock(&space->lock);
    return result;
}

int space_discard(struct space *space, uint64_t start, uint64_t end) {
    rwmutex_write_lock(&space->lock);
    int error = range_covered(space, start, end) ? 0 : -ENOMEM;
    if (!error)
        space_unmap_pages(space, start, end);
    rwmutex_write_unlock(&space->lock);
    return error;
}
