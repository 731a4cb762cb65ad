// The pages of a space: taking them away, changing their rights, moving and sharing them.
//
// The rule of law 4 runs through this file: a translation is forgotten by every hart that may
// hold it before its frame is let go.
#include <abi/errno.h>
#include <mm/area.h>
#include <mm/frame.h>
#include <mm/swap.h>
#include <riscv/sv39.h>
#include <lib/string.h>

#define BATCH 32        // pages between two flushes

// The 4 KiB leaves' table around `va`, or NULL; *next is where the next table begins, so that
// absent parts of the tree are skipped whole.
static pte_t *leaf_table(pte_t *root, uint64_t va, uint64_t *next) {
    struct sv39_place place = sv39_walk(root, va, 1);
    uint64_t size = level_size(place.level);
    *next = (va & ~(size - 1)) + size;
    return place.level == 1 && pte_valid(*place.pte) ? pte_table(*place.pte) : NULL;
}

static void forget_swapped(struct space *space, pte_t pte) {
    space->swapped--;
    swap_slot_put(pte_swap_slot(pte));
}

// Clears up to BATCH present entries from *va on: how many. Their frames are in `frames`. Those on
// swap disks are let go on the way.
static unsigned clear_batch(struct space *space, uint64_t *va, uint64_t end,
                            struct frame **frames) {
    unsigned count = 0;
    spin_lock(&space->table_lock);
    while (*va < end && count < BATCH) {
        uint64_t next;
        pte_t *table = leaf_table(space->root, *va, &next);
        if (!table) {
            *va = next;
            continue;
        }
        uint64_t stop = next < end ? next : end;
        for (; *va < stop && count < BATCH; *va += PAGE_SIZE) {
            pte_t *pte = &table[vpn(*va, 0)];
            if (pte_valid(*pte))
                frames[count++] = frame_of_phys(pte_phys(*pte));
            else if (pte_swapped(*pte))
                forget_swapped(space, *pte);
            *pte = 0;
        }
    }
    space->pages -= count;
    spin_unlock(&space->table_lock);
    return count;
}

void space_unmap_pages(struct space *space, uint64_t start, uint64_t end) {
    struct frame *frames[BATCH];
    uint64_t va = start;
    while (va < end) {
        uint64_t from = va;
        unsigned count = clear_batch(space, &va, end, frames);
        if (!count)
            continue;
        if (__atomic_load_n(&space->refs, __ATOMIC_RELAXED))      // else nobody can run it
            space_flush(space, from, (va < end ? va : end) - from);
        while (count)
            swap_page_put(frames[--count]);
    }
}

void space_protect_pages(struct space *space, uint64_t start, uint64_t end, unsigned rights) {
    bool none = !(rights & (ACCESS_READ | ACCESS_WRITE | ACCESS_EXEC));
    uint64_t flags = none ? PTE_R | PTE_A : pte_flags_of(rights);   // without U: no user access
    spin_lock(&space->table_lock);
    for (uint64_t va = start, next; va < end; va = next) {
        pte_t *table = leaf_table(space->root, va, &next);
        uint64_t stop = next < end ? next : end;
        for (; table && va < stop; va += PAGE_SIZE) {
            pte_t *pte = &table[vpn(va, 0)];
            if (pte_valid(*pte))
                *pte = pte_make(pte_phys(*pte), flags | (*pte & PTE_D));
        }
    }
    spin_unlock(&space->table_lock);
    if (rights & ACCESS_EXEC)
        space->icache_stale = UINT64_MAX;
    space_flush(space, start, end - start);
}

int space_move_pages(struct space *space, uint64_t from, uint64_t to, uint64_t size) {
    for (uint64_t offset = 0; offset < size; offset += PAGE_SIZE) {
        pte_t *old = sv39_leaf(space->root, from + offset);
        if (!old || !*old)
            continue;
        pte_t *new = sv39_walk_create(space->root, to + offset, 0, &space_tables);
        if (!new)
            return -ENOMEM;
        spin_lock(&space->table_lock);
        *new = *old;
        *old = 0;
        spin_unlock(&space->table_lock);
    }
    space_flush(space, from, size);
    return 0;
}

// Shares the pages of one leaf table with the child. Private ones lose the right to write.
static void share_table(struct space *child, const struct area *area, pte_t *from, pte_t *to,
                        unsigned count) {
    uint64_t keep = area->shared ? ~0ul : ~PTE_W, pages = 0;
    for (unsigned i = 0; i < count; i++) {
        if (pte_valid(from[i])) {
            frame_get(frame_of_phys(pte_phys(from[i])));
            from[i] &= keep;
            pages++;
        } else if (pte_swapped(from[i])) {
            swap_slot_get(pte_swap_slot(from[i]));
            child->swapped++;
        } else {
            continue;
        }
        to[i] = from[i];
    }
    child->pages_most = child->pages += pages;
}

static int share_pages(struct space *parent, struct space *child, const struct area *area) {
    for (uint64_t va = area->start, next; va < area->end; va = next) {
        pte_t *table = leaf_table(parent->root, va, &next);
        if (!table)
            continue;
        pte_t *copy = sv39_walk_create(child->root, va, 0, &space_tables);
        if (!copy)
            return -ENOMEM;
        uint64_t stop = next < area->end ? next : area->end;
        spin_lock(&parent->table_lock);
        // The child's lock as well: reclaim finds its entries from now on.
        spin_lock(&child->table_lock);
        share_table(child, area, &table[vpn(va, 0)], copy, (stop - va) / PAGE_SIZE);
        spin_unlock(&child->table_lock);
        spin_unlock(&parent->table_lock);
    }
    return 0;
}

static int area_share(struct space *child, const struct area *area) {
    struct area model = *area, *copy;
    model.locked = false;               // POSIX: locks are not inherited
    int error = area_insert(child, &model, NULL, &copy);
    return error ? error : share_pages(area->space, child, area);
}

static void copy_limits(struct space *child, const struct space *parent) {
    child->brk_start = parent->brk_start;
    child->brk = parent->brk;
    child->stack_limit = parent->stack_limit;
    child->map_top = parent->map_top;
    child->page_limit = parent->page_limit;
    child->code_start = parent->code_start;
    child->code_end = parent->code_end;
    child->data_start = parent->data_start;
    child->data_end = parent->data_end;
    child->stack_start = parent->stack_start;
    child->arguments = parent->arguments;
    child->environment = parent->environment;
    child->icache_stale = UINT64_MAX;
}

struct space *space_fork(struct space *parent) {
    struct space *child = space_create();
    if (!child)
        return NULL;
    rwmutex_write_lock(&parent->lock);
    copy_limits(child, parent);
    int error = 0;
    struct area *area;
    area_for_each(area, parent, 0) {
        error = area_share(child, area);
        if (error)
            break;
    }
    // One flush for all pages that the parent may no longer write.
    space_flush(parent, 0, USER_LIMIT);
    rwmutex_write_unlock(&parent->lock);
    if (error) {
        space_put(child);
        return NULL;
    }
    return child;
}
