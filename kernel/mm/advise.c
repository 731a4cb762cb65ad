// madvise: what a program says it will do with its memory.
#include <abi/errno.h>
#include <mm/area.h>
#include <mm/page_cache.h>
#include <riscv/sv39.h>

static void bring_in(struct space *space, struct area *area, uint64_t start, uint64_t end) {
    for (uint64_t va = start; va < end; va += PAGE_SIZE) {
        uint64_t page = area->page + (va - area->start) / PAGE_SIZE;
        pte_t *pte = sv39_leaf(space->root, va);
        if (pte && pte_swapped(*pte)) {
            if (space_page_in(space, area, va))
                return;
        } else if (area->object && (va - start) % (PAGE_BATCH * PAGE_SIZE) == 0) {
            page_read_ahead(area->object, page, (end - va) / PAGE_SIZE);
        }
    }
}

int space_will_need(struct space *space, uint64_t start, uint64_t end) {
    rwmutex_read_lock(&space->lock);
    int error = area_range_covered(space, start, end) ? 0 : -ENOMEM;
    for (uint64_t at = start; !error && at < end;) {
        struct area *area = space_area(space, at);
        uint64_t stop = area->end < end ? area->end : end;
        bring_in(space, area, at, stop);
        at = stop;
    }
    rwmutex_read_unlock(&space->lock);
    return error;
}

int space_shared_place(struct space *space, uint64_t va, const void **owner, uint64_t *offset,
                       struct backing **backing) {
    rwmutex_read_lock(&space->lock);
    const struct area *area = space_area(space, va);
    *backing = area && area->shared ? area->backing : NULL;
    if (*backing) {
        (*backing)->ops->hold(*backing);
        *owner = area->object;
        *offset = area->page * PAGE_SIZE + (va - area->start);
    }
    rwmutex_read_unlock(&space->lock);
    return area ? 0 : -EFAULT;
}
