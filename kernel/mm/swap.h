// Swap: pages of programs on a disk of their own.
//
// A swap disk carries the signature that util-linux's mkswap writes. Its pages are slots, numbered
// from 1 over all swap disks. A slot is in use while a page-table entry names it (fork copies
// entries, so several may) or while a frame in memory is its copy: such a frame is in the swap
// cache, found by its slot, with frame->swap_slot set and a reference of the cache's. It may be
// mapped (without the right to write, or it would not be a copy) and on its way to or from the
// disk (FRAME_BUSY). FRAME_DIRTY: the disk does not have it yet.
//
// Locks: space->table_lock > swap's own lock. FRAME_BUSY is held to add or write a page.
#ifndef MM_SWAP_H
#define MM_SWAP_H

#include <debug/panic.h>
#include <mm/frame.h>
#include <stdbool.h>
#include <stdint.h>

struct block_device;

// Starts or stops swapping to a disk: 0, -EINVAL (no signature, or not in use), -EBUSY (in use),
// -ENOMEM (stop: its pages do not fit into memory), -EIO. May sleep.
int must_check swap_on(struct block_device *device);
int must_check swap_off(struct block_device *device);

// What is there, in pages. `index` counts swap disks from 0: false behind the last.
struct swap_info {
    const struct block_device *device;
    uint64_t slots, used;
};
bool swap_info_get(unsigned index, struct swap_info *info);
uint64_t swap_total(void);
uint64_t swap_free(void);

// An entry more that names the slot (which is in use), or one less. Never sleep.
void swap_slot_get(uint32_t slot);
void swap_slot_put(uint32_t slot);

// A free slot, with one entry that names it, or 0.
uint32_t swap_slot_take(void);

// Reads what is in a slot that an entry of the caller's names: 0 or -EIO. May sleep.
int must_check swap_slot_read(uint32_t slot, void *page);

// The page of a slot that an entry of the caller's names, with a reference, from memory or from the
// disk (*read tells): 0, -ENOMEM, -EIO. May sleep.
struct anon;
int must_check swap_page_get(uint32_t slot, struct anon *anon, uint32_t page, struct frame **out,
                             bool *read);

// Puts a busy page that is in no cache into it, as dirty: false when all slots are taken.
bool must_check swap_cache_add(struct frame *frame);

// Takes a page out that nothing but its slot's copy prevents from being written: true if no entry
// but `entries` of the caller's names the slot and it has no more references than `references`. The
// page is busy, the caller's.
bool swap_cache_take(struct frame *frame, unsigned entries, unsigned references);

// Takes a clean page out that only the cache and the caller have: true if it did.
bool swap_cache_drop(struct frame *frame);

// frame_put for a page of a program's own: one that is only a copy in the cache goes.
void swap_cached_put(struct frame *frame);
static inline void swap_page_put(struct frame *frame) {
    if (__atomic_load_n(&frame->swap_slot, __ATOMIC_ACQUIRE))
        swap_cached_put(frame);
    else
        frame_put(frame);
}

// Writes busy pages to slots, all at once, and waits. One that could not be written is dirty
// afterwards. May sleep.
struct swap_write {
    struct frame *frame;
    uint32_t slot;
};
void swap_write(struct swap_write *pages, unsigned count);

#define SWAP_BATCH 32                   // pages in one swap_write

#endif
