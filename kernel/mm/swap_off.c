// Giving up a swap disk: its pages come back into memory.
#include <abi/errno.h>
#include <mm/area.h>
#include <mm/frame.h>
#include <mm/memory_object.h>
#include <mm/swap_internal.h>
#include <riscv/sv39.h>

static int page_in_area(struct space *space, struct area *area, uint32_t first, uint32_t limit) {
    int error = 0;
    for (uint64_t va = area->start; va < area->end && !error; va += PAGE_SIZE) {
        struct sv39_place place = sv39_walk(space->root, va, 0);
        if (place.level > 0) {          // no table: on to where the next one would begin
            va = (va | (level_size(place.level) - 1)) - (PAGE_SIZE - 1);
            continue;
        }
        pte_t pte = __atomic_load_n(place.pte, __ATOMIC_ACQUIRE);
        if (pte_swapped(pte) && pte_swap_slot(pte) >= first && pte_swap_slot(pte) < limit)
            error = space_page_in(space, area, va);
    }
    return error;
}

static int page_in_space(struct space *space, uint32_t first, uint32_t limit) {
    int error = 0;
    rwmutex_read_lock(&space->lock);
    for (struct area *area = area_at_or_after(space, 0); area && !error;
         area = area_at_or_after(space, area->end))
        error = page_in_area(space, area, first, limit);
    rwmutex_read_unlock(&space->lock);
    return error;
}

int swap_empty_disk(uint32_t first, uint32_t limit) {
    int error = 0;
    struct space *space = NULL;
    while ((space = space_next(space)))
        if (!error && space->swapped)
            error = page_in_space(space, first, limit);
    if (!error)
        error = memory_objects_read(first, limit);
    // What is in the cache now is a copy that nobody needs.
    if (!error)
        cache_forget(first, limit);
    return error;
}
