// The reverse map: from a frame to the page-table entries that show it.
//
// A page of a file belongs to its page object; a page of a process's own (zero-filled, or copied
// on a write) to an anon, which fork shares between the copies of an area. Either has a mapping:
// the list of areas that may show its pages. A frame knows its owner and its page number there
// (frame->owner, frame->index), an area the number of its first page, so each area is one
// address to look at.
//
// Locks: mapping->lock > space->table_lock. The range of an area on a list changes only with
// the mapping's lock held (and space->lock exclusively).
#ifndef MM_RMAP_H
#define MM_RMAP_H

#include <lib/list.h>
#include <riscv/pte.h>
#include <stdbool.h>
#include <sync/spinlock.h>

struct area;
struct frame;

struct mapping {
    struct spinlock lock;
    struct list areas;
};

// Kept by each area that names it and by each frame that it owns.
struct anon {
    struct mapping mapping;
    uint32_t refs;                  // atomic
};

void mapping_init(struct mapping *mapping);

struct anon *anon_create(void);     // one reference; NULL: no memory. May sleep
static inline struct anon *anon_hold(struct anon *anon) {
    __atomic_fetch_add(&anon->refs, 1, __ATOMIC_RELAXED);
    return anon;
}
void anon_put(struct anon *anon);   // never sleeps

// Puts the area on the lists of what it shows, or takes it off.
void area_link(struct area *area);
void area_unlink(struct area *area);

// Moves the ends of an area; the pages that stay keep their numbers.
void area_set_range(struct area *area, uint64_t start, uint64_t end);

// What a pass over all entries of a frame found.
struct rmap_result {
    unsigned entries;
    bool dirty;                     // one of them had D
    bool accessed;                  // ... A
    bool locked;                    // an area is locked in memory
    struct space *space;            // of the last entry: only good for comparing
};

// These look at all entries that show `frame`, to which the caller has a reference; a page of a file is
// the caller's busy one. None sleeps, and
// none flushes: the caller does, once for many frames (space_flush_everywhere), before it lets a
// frame go or relies on its contents.
struct rmap_result rmap_query(struct frame *frame);     // looks only
// Whose they are and where, for the first `room` of them: how many there are in all.
struct rmap_place {
    uint32_t pid;
    uint64_t va;
};
unsigned rmap_places(struct frame *frame, struct rmap_place *out, unsigned room);
struct rmap_result rmap_age(struct frame *frame);       // clears A
// Takes the right to write away and clears D.
struct rmap_result rmap_write_protect(struct frame *frame);
// Replaces the entries by `instead` (0, or a swap entry, whose count is raised for each) and puts
// their references.
struct rmap_result rmap_unmap(struct frame *frame, pte_t instead);
// The same for a page that has left its object.
struct rmap_result rmap_unmap_detached(struct mapping *mapping, uint64_t page,
                                       struct frame *frame);

#endif
