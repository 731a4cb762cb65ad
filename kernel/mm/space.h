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
#include <riscv/pte.h>
#include <sched/mutex.h>
#include <stdint.h>

struct frame;
struct page_object;

enum access { ACCESS_READ = 1, ACCESS_WRITE = 2, ACCESS_EXEC = 4 };

// Areas never overlap. A private area over an object shows the object's pages until they are
// written; without an object it shows zeros.
struct area {
    struct list node;               // space->areas, by address
    uint64_t start, end;            // page-aligned
    unsigned rights;                // of enum access
    struct page_object *object;     // held; NULL: zero-fill
    uint64_t object_page;           // page of the object that is at `start`
    bool stack;                     // shown as such; guarded by the hole below it
};

struct space {
    uint32_t refs;                  // atomic
    struct rwmutex lock;
    struct spinlock table_lock;
    pte_t *root;
    uint64_t satp;
    struct list areas;
    struct area *recent;            // last found, a hint
    uint64_t harts;                 // mask: may hold translations of this space; atomic
    uint64_t icache_stale;          // mask: must fence.i before running it; atomic
    uint64_t brk_start, brk;        // the heap's ends
    uint64_t pages;                 // present user pages; table_lock
    uint64_t size;                  // bytes of all areas
    uint64_t code_start, code_end;  // for reports
};

// Why a fault could not be resolved.
struct fault_verdict {
    int signal;                     // 0: resolved
    int code;                       // SEGV_MAPERR, SEGV_ACCERR, BUS_ADRERR...
    const char *reason;             // in words
};

struct space *space_create(void);                   // empty; NULL: no memory
struct space *space_hold(struct space *space);
void space_put(struct space *space);                // may sleep

// A copy for fork: areas duplicated, pages shared copy-on-write. NULL: no memory. May sleep.
struct space *space_fork(struct space *space);

// Resolves a fault at `va`. May sleep. No spinlock held.
struct fault_verdict must_check space_fault(struct space *space, uint64_t va, enum access access);

// Adds [start, end) (page-aligned, free): 0, -ENOMEM, -EEXIST if something is there. Takes a
// reference of `object`. space->lock is taken.
int must_check space_map(struct space *space, uint64_t start, uint64_t end, unsigned rights,
                         struct page_object *object, uint64_t object_page);
// The same for a stack: shown as one, never merged with what lies below it.
int must_check space_map_stack(struct space *space, uint64_t start, uint64_t end);
// Removes whatever is in [start, end): 0 or -ENOMEM (an area had to be split).
int must_check space_unmap(struct space *space, uint64_t start, uint64_t end);
// Changes rights: 0, -ENOMEM (a hole in the range, or no memory).
int must_check space_protect(struct space *space, uint64_t start, uint64_t end, unsigned rights);
// Finds `size` bytes of free range, at `hint` if that is free; 0 when there is none.
uint64_t space_find(struct space *space, uint64_t hint, uint64_t size);

// Moves the end of the heap; returns the end that is in force afterwards (as Linux's brk).
uint64_t space_brk(struct space *space, uint64_t wanted, uint64_t limit);

// Moves [start, start+old) to a free range of `size` bytes: its address or -errno. May sleep.
int64_t must_check space_remap(struct space *space, uint64_t start, uint64_t old, uint64_t size,
                               bool may_move);

// Drops the pages of a range, which then reads as fresh: 0, -ENOMEM, -EINVAL.
int must_check space_discard(struct space *space, uint64_t start, uint64_t end);

// Makes it the calling thread's hart's space. Preemption off.
struct hart;
void space_activate(struct hart *hart, struct space *space);
// The calling hart leaves user spaces for the kernel's own tables.
void space_deactivate(void);
// Software interrupt: leaves the borrowed space if somebody asks for that.
void space_interrupt(void);

// For area.c, fault.c and fork.c within mm/.
struct area *space_area(struct space *space, uint64_t va);      // the area around va, or NULL
void space_unmap_pages(struct space *space, uint64_t start, uint64_t end);
void space_protect_pages(struct space *space, uint64_t start, uint64_t end, unsigned rights);
int must_check space_move_pages(struct space *space, uint64_t from, uint64_t to, uint64_t size);
void space_flush(struct space *space, uint64_t start, uint64_t size);
pte_t *space_table_alloc(void);
uint64_t area_pte_flags(const struct area *area);

#endif
