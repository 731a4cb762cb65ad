// What programs ask of their address space: map, unmap, protect, grow, move, discard.
#include <abi/errno.h>
#include <mm/area.h>
#include <mm/copy.h>
#include <mm/page_cache.h>

#define MMAP_BOTTOM 0x10000

// Where areas without a backing begin to count their pages: any number will do that makes
// neighbours neighbours.
static uint64_t fresh_page(uint64_t start) { return start / PAGE_SIZE; }

static int map_locked(struct space *space, const struct area *wanted) {
    struct area model = *wanted, *area;
    if (!area_range_free(space, model.start, model.end))
        return -EEXIST;
    model.locked |= space->lock_future;
    if (!model.backing)
        model.page = fresh_page(model.start);
    if (!model.stack && !model.backing && area_extend(space, &model))
        return 0;
    return area_insert(space, &model, area_at_or_after(space, model.start), &area);
}

int space_map(struct space *space, const struct area *wanted) {
    assert(wanted->start < wanted->end && wanted->end <= USER_LIMIT);
    rwmutex_write_lock(&space->lock);
    int error = map_locked(space, wanted);
    rwmutex_write_unlock(&space->lock);
    return error;
}

static int split_around(struct space *space, uint64_t start, uint64_t end) {
    int error = area_split(space, start);
    return error ? error : area_split(space, end);
}

static int unmap_locked(struct space *space, uint64_t start, uint64_t end) {
    if (space->size > space->size_most)
        space->size_most = space->size;     // only here it becomes less
    int error = split_around(space, start, end);
    if (error)
        return error;
    struct area *area = area_at_or_after(space, start);
    while (area && area->start < end) {
        space_unmap_pages(space, area->start, area->end);
        area_remove(area);
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

// A shared mapping of a file that was opened for reading alone never becomes writable.
static bool may_have(const struct area *area, unsigned rights) {
    return !(rights & ACCESS_WRITE) || !area->never_writable;
}

static int protect_locked(struct space *space, uint64_t start, uint64_t end, unsigned rights) {
    if (!area_range_covered(space, start, end))
        return -ENOMEM;
    for (uint64_t at = start; at < end; at = space_area(space, at)->end)
        if (!may_have(space_area(space, at), rights))
            return -EACCES;
    int error = split_around(space, start, end);
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
        area_range_free(space, hint, hint + size))
        return hint;
    uint64_t top = area_highest_free(space, space->map_top, size);
    uint64_t floor = space->brk ? page_ceil(space->brk) : MMAP_BOTTOM;
    return top >= size && top - size >= floor ? top - size : 0;
}

int64_t space_map_free(struct space *space, const struct area *wanted) {
    struct area model = *wanted;
    uint64_t size = model.end - model.start;
    int64_t result = -ENOMEM;
    rwmutex_write_lock(&space->lock);
    model.start = find_locked(space, model.start, size);
    model.end = model.start + size;
    if (model.start)
        result = map_locked(space, &model);
    rwmutex_write_unlock(&space->lock);
    return result ? result : (int64_t)model.start;
}

int64_t space_map_over(struct space *space, const struct area *wanted) {
    rwmutex_write_lock(&space->lock);
    int error = unmap_locked(space, wanted->start, wanted->end);
    if (!error)
        error = map_locked(space, wanted);
    rwmutex_write_unlock(&space->lock);
    return error ? error : (int64_t)wanted->start;
}

static int brk_move(struct space *space, uint64_t old_end, uint64_t end) {
    if (end < old_end)
        return unmap_locked(space, end, old_end);
    struct area heap = { .start = old_end, .end = end, .rights = ACCESS_READ | ACCESS_WRITE };
    return end > old_end ? map_locked(space, &heap) : 0;
}

uint64_t space_brk(struct space *space, uint64_t wanted, uint64_t limit) {
    rwmutex_write_lock(&space->lock);
    bool allowed = wanted >= space->brk_start && wanted <= space->map_top &&
                   wanted - space->brk_start <= limit;
    if (allowed && brk_move(space, page_ceil(space->brk), page_ceil(wanted)) == 0)
        space->brk = wanted;
    uint64_t now = space->brk;
    rwmutex_write_unlock(&space->lock);
    return now;
}

// The pages of [start, start+old) go to a place where `size` bytes are free.
static int64_t remap_move(struct space *space, struct area *area, uint64_t start, uint64_t old,
                          uint64_t size) {
    uint64_t to = find_locked(space, 0, size);
    if (!to)
        return -ENOMEM;
    struct area model = *area, *moved;
    model.start = to;
    model.end = to + size;
    model.page += (start - area->start) / PAGE_SIZE;
    int error = area_insert(space, &model, area_at_or_after(space, to), &moved);
    if (error)
        return error;
    error = space_move_pages(space, start, to, old);
    if (!error)
        error = unmap_locked(space, start, start + old);
    return error ? error : (int64_t)to;
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
        area_range_free(space, start + old, start + size)) {
        area_resize(area, area->start, start + size);
        return start;
    }
    return may_move ? remap_move(space, area, start, old, size) : -ENOMEM;
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
    int error = area_range_covered(space, start, end) ? 0 : -ENOMEM;
    for (uint64_t at = start; !error && at < end; at = space_area(space, at)->end)
        if (space_area(space, at)->locked)
            error = -EINVAL;
    if (!error)
        space_unmap_pages(space, start, end);
    rwmutex_write_unlock(&space->lock);
    return error;
}

static int lock_range(struct space *space, uint64_t start, uint64_t end, bool locked) {
    if (!area_range_covered(space, start, end))
        return -ENOMEM;
    int error = split_around(space, start, end);
    for (uint64_t at = start; !error && at < end; at = space_area(space, at)->end)
        space_area(space, at)->locked = locked;
    return error;
}

int space_lock_pages(struct space *space, uint64_t start, uint64_t end, bool locked) {
    rwmutex_write_lock(&space->lock);
    int error = lock_range(space, start, end, locked);
    rwmutex_write_unlock(&space->lock);
    return error;
}

void space_lock_all(struct space *space, bool present, bool future) {
    rwmutex_write_lock(&space->lock);
    struct area *area;
    area_for_each(area, space, 0)
        area->locked = present;
    space->lock_future = future;
    rwmutex_write_unlock(&space->lock);
}

void space_fault_in_all(struct space *space) {
    uint64_t at = 0;
    for (;;) {
        rwmutex_read_lock(&space->lock);
        struct area *area = area_at_or_after(space, at);
        uint64_t start = area ? area->start : 0, end = area ? area->end : 0;
        bool readable = area && area->rights;
        rwmutex_read_unlock(&space->lock);
        if (!end)
            return;
        if (readable)       // the rest of an area behind a page that cannot be had stays absent
            (void)!copy_fault_in(start, end - start, false);
        at = end;
    }
}

// The backing of the first shared area in [*at, end), held; NULL: no more. *at moves behind it.
static struct backing *next_shared(struct space *space, uint64_t *at, uint64_t end) {
    struct backing *backing = NULL;
    rwmutex_read_lock(&space->lock);
    struct area *area = area_at_or_after(space, *at);
    while (area && area->start < end && !backing) {
        *at = area->end;
        if (area->shared)
            backing = area->backing;
        area = area_at_or_after(space, *at);
    }
    if (backing)
        backing->ops->hold(backing);
    rwmutex_read_unlock(&space->lock);
    return backing;
}

int space_sync(struct space *space, uint64_t start, uint64_t end, bool wait) {
    rwmutex_read_lock(&space->lock);
    int error = area_range_covered(space, start, end) ? 0 : -ENOMEM;
    rwmutex_read_unlock(&space->lock);
    struct backing *backing;
    while (wait && !error && start < end && (backing = next_shared(space, &start, end))) {
        error = page_object_sync(backing->object);
        backing->ops->release(backing);
    }
    return error;
}
