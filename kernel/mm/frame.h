// Physical memory: one struct frame for each 4 KiB frame of RAM, and the allocator over them.
#ifndef MM_FRAME_H
#define MM_FRAME_H

#include <debug/panic.h>
#include <riscv/layout.h>
#include <stdbool.h>
#include <stdint.h>

enum frame_kind {
    FRAME_RESERVED, FRAME_FREE, FRAME_KERNEL, FRAME_STACK, FRAME_TABLE, FRAME_SLAB,
    FRAME_ANON, FRAME_CACHE, FRAME_BUFFER, FRAME_PIPE, FRAME_KIND_COUNT,
};

// Flags of a page-cache frame; changed atomically (frame_flag_*).
enum frame_flag {
    FRAME_UPTODATE = 1,         // holds what the file holds
    FRAME_DIRTY = 2,            // ... or newer: must be written before it is let go
    FRAME_BUSY = 4,             // being read or written: wait for it
    FRAME_REFERENCED = 8,       // used since the clock hand last passed
    FRAME_PINNED = 16,          // its file lives in memory: it may go to a swap disk alone
};                              // BUSY, UPTODATE and DIRTY also in the swap cache

// Debug build (mm/heap_debug.h): who did it, as the low half of a code address.
struct callers {
    uint32_t allocated, freed;
};

struct frame {
    uint32_t refs;              // atomic; 0 when free
    union {
        struct {
            uint8_t kind;       // enum frame_kind
            uint8_t order;      // of the block it heads
            uint16_t flags;     // enum frame_flag
        };
        uint32_t word;          // the three as one, for atomics: there are none for 16 bits
    };
    union {
        struct {
            uint32_t next, prev;    // links by frame number, for the one list that it is on
        };
        struct {
            uint32_t loaded;        // replacement: a stamp that grows from load to load
            uint32_t age;           // ... a history of its A bits, the latest on top
        };
    };
    void *owner;                // page object, anon, slab, ...
    union {
        uint64_t index;         // page number in the owner; owner's use otherwise
        struct {                // FRAME_ANON
            uint32_t anon_page; // page number in the anon
            uint32_t swap_slot; // its copy on a swap disk (the page is in the swap cache), or 0
        };
    };
    struct callers callers[DEBUG_HEAP];     // none in the normal build
};
_Static_assert(DEBUG_HEAP || sizeof(struct frame) == 32, "the budget is 32 bytes a frame");

#define FRAME_FLAGS_SHIFT 16    // of the flags in the word

#define FRAME_NONE UINT32_MAX

// How to allocate.
enum {
    FRAME_ZERO = 1,             // filled with zeros
    FRAME_NOWAIT = 2,           // do not reclaim (interrupts, spinlocks held)
};

// One frame, or 2^order contiguous and aligned ones, with one reference. NULL when memory is
// out. Sleeps to reclaim unless FRAME_NOWAIT.
struct frame *frames_alloc(enum frame_kind kind, unsigned order, unsigned how);
static inline struct frame *frame_alloc(enum frame_kind kind, unsigned how) {
    return frames_alloc(kind, 0, how);
}

// A large block may be missing although memory is not: gives back the single frames that this hart
// keeps for itself, which may complete it. Never sleeps.
void frames_complete_blocks(void);

// One reference more or less. The last frame_put frees the block. Never sleeps. In line, as a fork
// or an end of a process does this for each page and little else.
static inline void frame_get(struct frame *frame) {
    uint32_t before = __atomic_fetch_add(&frame->refs, 1, __ATOMIC_RELAXED);
    assert(before != 0);
}
void frame_put_last(struct frame *frame, uint32_t before);
static inline void frame_put(struct frame *frame) {
    uint32_t before = __atomic_fetch_sub(&frame->refs, 1, __ATOMIC_ACQ_REL);
    if (before <= 1)
        frame_put_last(frame, before);
}
// The same for a frame that may be free, or become so: false if it is.
bool frame_try_get(struct frame *frame);

static inline uint32_t frame_refs(const struct frame *frame) {
    return __atomic_load_n(&frame->refs, __ATOMIC_ACQUIRE);
}

// Between a frame, its physical address and its place in the direct map.
extern struct frame *frame_table;       // indexed by frame number - frame_first
extern uint64_t frame_first, frame_limit;

static inline uint32_t frame_number(const struct frame *frame) {
    return (uint32_t)(frame - frame_table);
}
static inline uint64_t frame_phys(const struct frame *frame) {
    return (frame_first + (uint64_t)(frame - frame_table)) << PAGE_SHIFT;
}
static inline void *frame_virt(const struct frame *frame) {
    return phys_to_virt(frame_phys(frame));
}
static inline struct frame *frame_of_phys(uint64_t phys) {
    return &frame_table[(phys >> PAGE_SHIFT) - frame_first];
}
static inline struct frame *frame_of_virt(const void *virt) {
    return frame_of_phys(virt_to_phys(virt));
}

static inline bool frame_flag_test(const struct frame *frame, uint16_t flag) {
    return __atomic_load_n(&frame->word, __ATOMIC_ACQUIRE) >> FRAME_FLAGS_SHIFT & flag;
}
// Sets or clears `flag`; true if it was set before.
static inline bool frame_flag_set(struct frame *frame, uint16_t flag) {
    uint32_t bit = (uint32_t)flag << FRAME_FLAGS_SHIFT;
    return __atomic_fetch_or(&frame->word, bit, __ATOMIC_ACQ_REL) & bit;
}
static inline bool frame_flag_clear(struct frame *frame, uint16_t flag) {
    uint32_t bit = (uint32_t)flag << FRAME_FLAGS_SHIFT;
    return __atomic_fetch_and(&frame->word, ~bit, __ATOMIC_ACQ_REL) & bit;
}

// Registers a callback that gives frames back when memory runs low: try to free about
// `wanted` frames, return how many. It is called without spinlocks held, may sleep, and must
// not wait for a lock that a caller of frame_alloc may hold (try instead).
struct shrinker {
    const char *name;
    uint64_t (*shrink)(uint64_t wanted);
    struct shrinker *next;
};
void shrinker_register(struct shrinker *shrinker);

struct frame_stats {
    uint64_t total, free;
    uint64_t by_kind[FRAME_KIND_COUNT];
};
void frame_stats_get(struct frame_stats *stats);

uint64_t frames_free(void);

#define FRAME_ORDERS 11                 // blocks of 4 KiB to 4 MiB

// Blocks of each order, handed out and in the buddy lists; and the single frames between the two, in
// the harts' caches. Takes the allocator's lock.
struct frame_orders {
    uint64_t used[FRAME_ORDERS], free[FRAME_ORDERS], cached;
};
void frame_orders_get(struct frame_orders *orders);

// For those who look, without any lock: what is there at frame `number`, and how many frames from
// there on are of the same block.
uint32_t frame_look(uint32_t number, enum frame_kind *kind);

// Boot, before any allocation: `table` has room for every frame of RAM [ram_start, ram_end);
// all are reserved until frame_add_free hands [start, end) to the allocator.
void frame_init(struct frame *table, uint64_t ram_start, uint64_t ram_end);
void frame_add_free(uint64_t start, uint64_t end);

#endif
