// The ordered set of areas, for the files of mm/. Who only looks holds space->lock; who changes
// holds it exclusively.
#ifndef MM_AREA_H
#define MM_AREA_H

#include <mm/space.h>

#define AREAS_MAX 65536                 // in one space, as Linux's max_map_count
#define STACK_GUARD (256ul * PAGE_SIZE) // stays free below a stack that grows

// The one before `area` (NULL: the last), or NULL.
struct area *area_before(struct space *space, struct area *area);

// The end of the highest `size` bytes below `top` that no area takes, or 0.
uint64_t area_highest_free(struct space *space, uint64_t top, uint64_t size);

// What space->areas calls: the widest gap below a node.
void area_summarise(struct tree_node *node);

bool area_range_free(struct space *space, uint64_t start, uint64_t end);
bool area_range_covered(struct space *space, uint64_t start, uint64_t end);

// A copy of `model`, with references of its own to what that names, put before `before` (NULL: at
// the end): 0 or -ENOMEM. May sleep.
int must_check area_insert(struct space *space, const struct area *model, struct area *before,
                           struct area **out);
// Takes an area away whose pages are gone. May sleep.
void area_remove(struct area *area);

// Moves the ends; the pages that leave are gone already.
void area_resize(struct area *area, uint64_t start, uint64_t end);

// Makes `at` a boundary between areas: 0 or -ENOMEM. May sleep.
int must_check area_split(struct space *space, uint64_t at);

// Grows the neighbour below over the range of `model` instead of making a new area, where both
// are plain zero-fill: true if it did.
bool area_extend(struct space *space, const struct area *model);

// Sees to it that area->anon is there: false without memory. space->lock is held shared. May sleep.
bool area_make_anon(struct area *area);
static inline bool area_has_anon(struct area *area) {
    return __atomic_load_n(&area->anon, __ATOMIC_ACQUIRE) || area_make_anon(area);
}

// What hardware may do with a page of these rights (enum access). Writing is granted by the fault handler
// alone, page by page, so that it can copy first.
static inline uint64_t pte_flags_of(unsigned rights) {
    uint64_t flags = PTE_U | PTE_A;
    if (rights & (ACCESS_READ | ACCESS_WRITE))
        flags |= PTE_R;
    if (rights & ACCESS_EXEC)
        flags |= PTE_X;
    return flags;
}

// Grows the stack that begins above `va` down to it: 0, or -EFAULT if there is none, it may not
// grow so far, or something is too near.
int must_check area_grow_stack(struct space *space, uint64_t va);

// Tables below space->root. Taking one may sleep.
extern const struct sv39_source space_tables;

#endif
