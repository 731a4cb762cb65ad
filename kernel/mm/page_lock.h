// FRAME_BUSY: a lock on a page that is held over I/O.
#ifndef MM_PAGE_LOCK_H
#define MM_PAGE_LOCK_H

#include <mm/frame.h>

// The caller has a reference to `frame`.
void page_lock(struct frame *frame);        // may sleep, uninterruptible
bool page_trylock(struct frame *frame);     // never sleeps: allowed with spinlocks held
void page_unlock(struct frame *frame);

// Waits until `frame` is not busy at some moment.
void page_wait(struct frame *frame);

void page_lock_init(void);

#endif
