// Address spaces: what a program's memory is made of.
//
// A space is an ordered set of areas (ranges with rights and backing) and the page table that
// caches what has been touched so far: a page is only looked at through its area.
//
// Locks: space->lock guards the areas (shared for faults, exclusive for changes);
// space->table_lock (a spinlock) guards the page table's entries; a copy to or from the user
// runs under it, so no frame goes away in the middle.
#ifndef MM_SPACE_H
#define MM_SPACE_H

#include <debug/panic.h>
#include <lib/list.h>
#include <lib/tree.h>
#include <mm/frame_list.h>
#include <riscv/pte.h>
#include <sched/hart.h>
#include <sched/rwmutex.h>
#include <stdint.h>

struct frame;
struct page_object;

enum access { ACCESS_READ = 1, ACCESS_WRITE = 2, ACCESS_EXEC = 4 };

// Areas never overlap. A private area over an object shows the object's pages until they are
// written, and from then on pages of its own (`anon`); without an object it shows zeros first.
// A shared area shows the object's pages for good.
struct area {
    struct tree_node node;          // space->areas, by address
    struct space *space;
    uint64_t start, end;            // page-aligned
    uint64_t gap;                   // free bytes between the area before it and `start`
    uint64_t widest_gap;            // of all areas below it in the tree, and its own
    uint64_t page;                  // number of the page at `start`, in object and anon
    struct backing *backing;        // held; NULL: zero-fill
    struct page_object *object;     // the backing's
    struct anon *anon;              // held; NULL until the first page of its own
    struct list object_node, anon_node;     // in their mappings: see mm/rmap.h
    uint8_t rights;                 // of enum access
    bool shared;
    bool never_writable;            // shared, of a file that was opened for reading alone
    bool stack;                     // grows down on demand
    bool locked;                    // mlock: its pages stay in memory
};

struct space {
    uint32_t refs;                  // atomic
    struct rwmutex lock;
    struct spinlock table_lock;
    pte_t *root;
    struct frame_list tables;       // the root and those below it, which stay until the end; table_lock
    uint64_t leaf_region;           // a va >> LEAF_SHIFT that was copied from or to: leaf_table, which ...
    pte_t *leaf_table;              // ... has its entries, saves the walk; table_lock
    uint64_t asid;                  // mm/asid.h
    uint64_t satp;                  // that names the root, with ASID 0
    uint32_t flushes;               // flushes of either kind asked for so far, from 1 on; atomic
    uint32_t flushes_seen[HARTS_MAX];   // ... when the hart last came to run it; 0: it never did
    struct tree areas;
    struct area *recent;            // last found, a hint
    uint64_t icache_stale;          // mask: must fence.i before running it; atomic
    uint64_t brk_start, brk;        // the heap's ends
    uint64_t stack_limit;           // bytes that the stack may grow to
    uint64_t map_top;               // mmap's room ends here; what is above is the stack's
    bool lock_future;               // mlockall: new areas are locked
    uint32_t area_count;
    uint64_t size, size_most;       // bytes of all areas, and the most they ever were
    uint64_t pages;                 // present user pages; table_lock
    uint64_t pages_most;            // the most that were ever present; table_lock
    uint64_t swapped;               // pages on the swap disk; table_lock
    uint64_t page_limit;            // so many may be present (RLIMIT_RSS)
    struct list node;               // on the list of all spaces
    uint32_t pid;                   // whose it is, for those who look
    uint64_t code_start, code_end;  // for reports
    uint64_t data_start, data_end;
    uint64_t stack_start;           // where the program found its stack pointer
    struct space_range {
        uint64_t start, end;
    } arguments, environment;       // its strings, above that
};

// In pages.
struct space_sizes {
    uint64_t all, all_most, resident, resident_most, resident_file, swapped, locked;
    uint64_t tables;                // frames of page tables
    uint64_t code, data, stack;     // what may be executed; what is private and may be written
};

// Why a fault could not be resolved.
struct fault_verdict {
    int signal;
    int code;                       // SEGV_MAPERR, SEGV_ACCERR, BUS_ADRERR...
    const char *reason;             // in words
};

struct space *space_create(void);                   // empty; NULL: no memory
struct space *space_hold(struct space *space);
void space_put(struct space *space);                // may sleep

// Do other threads run in it (or look at it)?
static inline bool space_is_shared(const struct space *space) {
    return __atomic_load_n(&space->refs, __ATOMIC_ACQUIRE) > 1;
}

// A copy for fork: areas duplicated, pages shared copy-on-write. NULL: no memory. May sleep.
struct space *space_fork(struct space *space);

struct space_sizes space_sizes(struct space *space);        // may sleep
uint64_t space_data_size(struct space *space);              // `data` of it, in bytes; may sleep

// Resolves a fault at `va`: NULL, or why not. May sleep. No spinlock held.
const struct fault_verdict *must_check space_fault(struct space *space, uint64_t va,
                                                   enum access access);

// Adds a copy of `wanted` (start, end, rights, backing and its page, kinds), which takes references
// of its own: 0, -ENOMEM, -EEXIST if something is there. space->lock is taken; may sleep.
int must_check space_map(struct space *space, const struct area *wanted);
// Removes whatever is in [start, end): 0 or -ENOMEM (an area had to be split).
int must_check space_unmap(struct space *space, uint64_t start, uint64_t end);
// Changes rights: 0, -ENOMEM (a hole in the range, or no memory), -EACCES.
int must_check space_protect(struct space *space, uint64_t start, uint64_t end, unsigned rights);
// The same in place of whatever is there; or where so many bytes are free, at `start` if that is: the
// address, or -ENOMEM. Looking and taking is one step, for other threads map too.
int64_t must_check space_map_over(struct space *space, const struct area *wanted);
int64_t must_check space_map_free(struct space *space, const struct area *wanted);

// Moves the end of the heap; returns the end that is in force afterwards (as Linux's brk).
uint64_t space_brk(struct space *space, uint64_t wanted, uint64_t limit);

// Moves [start, start+old) to a free range of `size` bytes: its address or -errno. May sleep.
int64_t must_check space_remap(struct space *space, uint64_t start, uint64_t old, uint64_t size,
                               bool may_move);

// Drops the pages of a range, which then reads as fresh: 0, -ENOMEM, -EINVAL (locked).
int must_check space_discard(struct space *space, uint64_t start, uint64_t end);

// The range is about to be used: brings in what is on a disk, as far as it goes. 0 or -ENOMEM (a
// hole). May sleep.
int must_check space_will_need(struct space *space, uint64_t start, uint64_t end);

// Locks a range in memory, or releases it: 0 or -ENOMEM. What is absent is the caller's to fault in.
int must_check space_lock_pages(struct space *space, uint64_t start, uint64_t end, bool locked);
void space_lock_all(struct space *space, bool present, bool future);
// Brings in every page of every area that can be read, of the calling process. A killed one gives up.
void space_fault_in_all(struct space *space);

// Writes what shared mappings in a range have changed, and waits: 0, -ENOMEM (a hole), -EIO...
// Without `wait` only the range is checked: the write-back thread does the rest.
int must_check space_sync(struct space *space, uint64_t start, uint64_t end, bool wait);

// What is at `va` to those who share it: the object and the place there, and a reference to its backing,
// if the area is shared; else *backing is NULL and the others stay as they are. 0 or -EFAULT. May
// sleep.
int must_check space_shared_place(struct space *space, uint64_t va, const void **owner,
                                  uint64_t *offset, struct backing **backing);

// Makes it the calling thread's hart's space. Preemption off.
struct hart;
void space_activate(struct hart *hart, struct space *space);
// The calling hart leaves user spaces for the kernel's own tables.
void space_deactivate(void);
// Software interrupt: leaves the borrowed space if somebody asks for that.
void space_interrupt(void);

// The space after `space` (NULL: the first) among all there are, held; puts `space`. NULL: the end.
struct space *space_next(struct space *space);

// For the files of mm/.
struct area *space_area(struct space *space, uint64_t va);      // the area around va, or NULL
// The first area that ends above `va`; the one after `area`; or NULL.
struct area *area_at_or_after(struct space *space, uint64_t va);
struct area *area_after(struct area *area);
void space_unmap_pages(struct space *space, uint64_t start, uint64_t end);
void space_protect_pages(struct space *space, uint64_t start, uint64_t end, unsigned rights);
int must_check space_move_pages(struct space *space, uint64_t from, uint64_t to, uint64_t size);
void space_flush(struct space *space, uint64_t start, uint64_t size);
// Every hart that runs the space forgets what it has fetched: now, or when it comes to run it.
void space_flush_icache(struct space *space);
// Every hart forgets every user translation.
void space_flush_everywhere(void);
// Brings the page at `va` of an area in, if it is on a swap disk: 0, -ENOMEM or -EIO. space->lock
// is held shared. May sleep.
int must_check space_page_in(struct space *space, struct area *area, uint64_t va);

// The areas that end above `from`, upwards.
#define area_for_each(area, space, from) \
    for (area = area_at_or_after(space, from); area; area = area_after(area))

#endif
