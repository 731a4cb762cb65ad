// What the files of the page cache share: page_cache.c (find and fill), page_dirty.c (write back),
// page_reclaim.c (which go).
//
// A page is in its object's tree; dirty ones are on their object's list as well.
#ifndef MM_PAGE_CACHE_INTERNAL_H
#define MM_PAGE_CACHE_INTERNAL_H

#include <mm/page_cache.h>
#include <mm/page_lock.h>

// A page leaves its object; object->lock is held. The tree's reference is the caller's then.
void page_detach(struct page_object *object, struct frame *frame);

// A dirty or pinned page becomes one that is on no list; object->lock is held.
void page_forget_dirty(struct page_object *object, struct frame *frame);

// For reclaim: asks the writer to start and waits a little for it to get something done.
void page_writer_wait(void);

#endif
