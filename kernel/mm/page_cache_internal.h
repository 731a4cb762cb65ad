// What the files of the page cache share: page_cache.c (find and fill), page_dirty.c (write back),
// page_reclaim.c (the clock).
//
// A page is in its object's tree, and there on exactly one list: clean ones on the clock's, dirty
// ones on their object's, pinned ones on none. Locks: object->lock > clock lock, page wait lock.
#ifndef MM_PAGE_CACHE_INTERNAL_H
#define MM_PAGE_CACHE_INTERNAL_H

#include <mm/page_cache.h>

// FRAME_BUSY is a lock that is held over I/O. Taking it waits; releasing wakes who waits.
void page_lock(struct frame *frame);
bool page_trylock(struct frame *frame);     // never sleeps: allowed with object->lock held
void page_unlock(struct frame *frame);

// Waits until `frame` is not busy at some moment.
void page_wait(struct frame *frame);

// Onto and off the clock's list.
void page_clock_add(struct frame *frame);
void page_clock_remove(struct frame *frame);
void page_clock_init(void);

// A page leaves its object; object->lock is held. The tree's reference is the caller's then.
void page_detach(struct page_object *object, struct frame *frame);

// A dirty or pinned page becomes one that is on no list; object->lock is held.
void page_forget_dirty(struct page_object *object, struct frame *frame);

// For reclaim: asks the writer to start and waits a little for it to get something done.
void page_writer_wait(void);

#endif
