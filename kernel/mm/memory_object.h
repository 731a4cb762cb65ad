// Page objects that live in memory alone (ramfs, shared memory). A page that was written is pinned:
// there is no file behind it. It may go to a swap disk; then the object remembers the slot.
#ifndef MM_MEMORY_OBJECT_H
#define MM_MEMORY_OBJECT_H

#include <mm/page_cache.h>

// The object's read_page operation: what is in the page's slot, which becomes free, or zeros.
int must_check memory_page_read(struct page_object *object, uint64_t index, struct frame *frame);

// The busy page has been written to `slot`, unless it is dirty (anew): if so, or if somebody else has
// it, it stays and the slot is let go. Else it leaves the object, which keeps the slot: true. May
// sleep, but not for memory (for reclaim).
bool memory_page_drop(struct frame *frame, uint32_t slot);

// Lets go of the slots of pages from `first` on. May sleep. Any page object.
void memory_object_truncate(struct page_object *object, uint64_t first);

// The slot of a page that a swap disk alone has, or 0; are there any at all? For those who look.
uint32_t memory_page_slot(struct page_object *object, uint64_t index);
bool memory_object_has_slots(struct page_object *object);

// Brings all pages into memory whose slots are in [first, limit): 0 or -errno. May sleep.
int must_check memory_objects_read(uint32_t first, uint32_t limit);

#endif
