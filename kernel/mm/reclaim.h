// Keeping frames free. A thread frees some when fewer than the low watermark are left, until the high
// one is reached; who needs a frame and finds none waits for it. Below the lowest watermark only
// those allocate who cannot wait, or who free memory themselves.
#ifndef MM_RECLAIM_H
#define MM_RECLAIM_H

#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

struct watermarks {
    uint64_t minimum, low, high;        // free frames
};
extern struct watermarks watermarks;

// Frames that an allocation of this kind must leave.
uint64_t reclaim_reserve(unsigned how);

// Fewer than the low watermark are free: wakes the thread. Callable with spinlocks held.
void reclaim_kick(void);

// Waits until the thread has freed something: false if it could not. May sleep; at once false when
// the caller frees memory itself. Before there is a thread the caller does its work.
bool reclaim_wait(void);

// The calling thread frees memory: it may use the reserve and never waits for memory.
void reclaim_exempt(void);

// From begin to end the calling thread may use the reserve, and does not wait. end gets what begin said.
bool reclaim_reserve_begin(void);
void reclaim_reserve_end(bool before);

// Sleeps for a 50th of a second, also if the caller is being killed.
void reclaim_pause(void);

// All memory is in use and none can be freed: asks the one who registered for it to end a process,
// and waits for what comes of it. True: try again. False: the caller is the one. May sleep.
bool memory_make_room(void);
// Chooses a process and kills it: true unless it was the caller's own.
void memory_register_killer(bool (*kill)(void));

// The page cache's part: drops clean pages that no program maps. How many.
uint64_t page_cache_shrink(uint64_t wanted);

void reclaim_init(void);                // boot, when all memory is known
void reclaim_start(void);               // the thread

#endif
