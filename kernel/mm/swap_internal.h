// What swap.c (slots), swap_cache.c (frames) and swap_off share. swap_lock is held for slot_* but
// slot_place, and for cache_take_garbage.
#ifndef MM_SWAP_INTERNAL_H
#define MM_SWAP_INTERNAL_H

#include <mm/swap.h>
#include <sync/spinlock.h>

extern struct spinlock swap_lock;

uint32_t slot_take_cached(void);            // a free slot, for the cache; 0: none
void slot_set_cached(uint32_t slot);
void slot_clear_cached(uint32_t slot);      // frees it if no entry names it
unsigned slot_entries(uint32_t slot);       // how many entries name it
// Is `slot`, any number, in use, not in the cache, and on the same disk as `neighbour`?
bool slot_readable(uint32_t slot, uint32_t neighbour);

// Are two slots on one disk? Without the lock.
bool slots_adjoin(uint32_t slot, uint32_t later);

// Where a slot is. Without the lock.
struct block_device *slot_place(uint32_t slot, uint64_t *sector);

// The page of a slot that no entry names, out of the cache, if nothing else has it; else NULL. The
// cache's reference is the caller's then.
struct frame *cache_take_garbage(uint32_t slot);

// Takes the pages of slots in [first, limit) that no entry names out of the cache. May sleep.
void cache_forget(uint32_t first, uint32_t limit);

// Brings every page with a slot in [first, limit) into memory, and lets go of the slots: 0 or
// -errno. May sleep.
int must_check swap_empty_disk(uint32_t first, uint32_t limit);

#endif
