// How large an address space is, by what its areas are for.
#include <mm/frame.h>
#include <mm/space.h>
#include <riscv/sv39.h>

// Present pages of an area that are its file's.
static uint64_t count_file_pages(struct space *space, const struct area *area) {
    uint64_t count = 0;
    spin_lock(&space->table_lock);
    for (uint64_t va = area->start; va < area->end; va += PAGE_SIZE) {
        struct sv39_place place = sv39_walk(space->root, va, 0);
        if (place.level > 0)            // no table: nothing is present in all of its range
            va = (va | (level_size(place.level) - 1)) - (PAGE_SIZE - 1);
        else if (pte_valid(*place.pte))
            count += frame_of_phys(pte_phys(*place.pte))->kind == FRAME_CACHE;
    }
    spin_unlock(&space->table_lock);
    return count;
}

static bool is_data(const struct area *area) {
    return area->rights & ACCESS_WRITE && !area->shared && !area->stack;
}

uint64_t space_data_size(struct space *space) {
    struct area *area;
    uint64_t size = 0;
    rwmutex_read_lock(&space->lock);
    area_for_each(area, space, 0)
        size += is_data(area) ? area->end - area->start : 0;
    rwmutex_read_unlock(&space->lock);
    return size;
}

struct space_sizes space_sizes(struct space *space) {
    rwmutex_read_lock(&space->lock);
    struct space_sizes sizes = { .all = space->size / PAGE_SIZE, .swapped = space->swapped };
    struct area *area;
    area_for_each(area, space, 0) {
        uint64_t pages = (area->end - area->start) / PAGE_SIZE;
        if (area->object)
            sizes.resident_file += count_file_pages(space, area);
        if (area->stack)
            sizes.stack += pages;
        if (is_data(area))
            sizes.data += pages;
        if (area->rights & ACCESS_EXEC)
            sizes.code += pages;
        if (area->locked)
            sizes.locked += pages;
    }
    sizes.resident = space->pages;
    sizes.tables = space->tables.count;
    rwmutex_read_unlock(&space->lock);
    sizes.all_most = (space->size > space->size_most ? space->size : space->size_most) / PAGE_SIZE;
    sizes.resident_most = space->pages_most;
    // Pages come and go meanwhile.
    if (sizes.resident < sizes.resident_file)
        sizes.resident = sizes.resident_file;
    if (sizes.resident_most < sizes.resident)
        sizes.resident_most = sizes.resident;
    return sizes;
}
