// The debug build of the allocators: `make DEBUG_HEAP=1`. What is freed is filled with poison, which is
// looked at when it is handed out again; an object stands between two red zones, which are looked at
// when it is freed. Whatever is wrong is a panic that names who allocated the memory and who freed it.
//
// The allocators call these under `if (DEBUG_HEAP)`, so the normal build has nothing of them. None
// sleeps or takes a lock.
#ifndef MM_HEAP_DEBUG_H
#define MM_HEAP_DEBUG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame;

// Who called the function that says so.
#define CALLER ((uint64_t)__builtin_return_address(0))

// Makes an object of `size` bytes of `room`, which has HEAP_EXTRA more: returns it. Its contents are
// poison. Panics if the room was written to while it was free.
void *heap_debug_wrap(void *room, size_t size, uint64_t caller);

// The room of an object that is being freed. Panics if it is no object, is free, or was written
// beyond its ends.
void *heap_debug_unwrap(void *object, uint64_t caller);

// For a block of frames that is being handed out: panics if it was written to while it was free.
void frame_debug_alloc(struct frame *block, uint64_t caller);

// For one whose last reference has gone: poisons it.
void frame_debug_free(struct frame *block, uint64_t caller);

// For a frame that was put more often than it was got.
void frame_debug_over_put(struct frame *frame, uint64_t caller) __attribute__((noreturn));

// Is this an allocation of the calling thread's that is to fail?
bool heap_debug_fails(void);

// Lets each allocation of the calling thread's fail whose number is a multiple of `every` (0: none) from now
// on: returns how many have failed since it was last told.
uint32_t heap_debug_fail(uint32_t every);

// Who allocated the small objects that are in use, as lines of /proc/heapinfo. This one may sleep.
struct text;
void heap_debug_show_owners(struct text *text);

#endif
