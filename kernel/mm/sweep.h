// Sweeping over the frames of the machine: how reclaim comes to hold a frame that it found by
// its number, without a lock on anything.
#ifndef MM_SWEEP_H
#define MM_SWEEP_H

#include <mm/page_lock.h>

// Takes a reference to `frame` and FRAME_BUSY, if it is one of `kind` and not busy; false if not. A
// frame may be freed and become something else at any time before; from then on it stays.
bool sweep_take(struct frame *frame, enum frame_kind kind);
// How far it is from one frame to the next that is worth a look: what is free is passed over at once.
uint32_t sweep_step(uint32_t number);
// Gives both back.
void sweep_release(struct frame *frame);

#endif
