// Misuse of the allocators, for crash=KIND. The normal build notices what costs nothing to notice, the
// debug build (make DEBUG_HEAP=1) all of it.
#include <debug/crash.h>
#include <mm/frame.h>
#include <mm/heap.h>

#define SMALL 100
#define LARGE 10000

static __attribute__((noinline)) volatile char *crash_allocate(size_t size) {
    char *object = kmalloc(size);
    if (!object)
        panic("no memory to misuse");
    return object;
}

static __attribute__((noinline)) void crash_free(volatile char *object) { kfree((void *)object); }

static __attribute__((noinline)) struct frame *crash_take_frame(void) {
    struct frame *frame = frame_alloc(FRAME_KERNEL, 0);
    if (!frame)
        panic("no frame to misuse");
    return frame;
}

static __attribute__((noinline)) void crash_put_frame(struct frame *frame) { frame_put(frame); }

static void write_around(size_t size, long place) {
    volatile char *object = crash_allocate(size);
    object[place] ^= 1;
    crash_free(object);
}

CRASH(overrun) { write_around(SMALL, SMALL); }
CRASH(underrun) { write_around(SMALL, -1); }
CRASH(overrun_big) { write_around(LARGE, LARGE); }

static void free_twice(size_t size) {
    volatile char *object = crash_allocate(size);
    crash_free(object);
    crash_free(object);
}

CRASH(double_free) { free_twice(SMALL); }
CRASH(double_free_big) { free_twice(LARGE); }

// The object freed last is the one that the next allocation gets.
CRASH(use_after_free) {
    volatile char *object = crash_allocate(SMALL);
    crash_free(object);
    object[SMALL / 2] ^= 1;
    crash_free(crash_allocate(SMALL));
}

CRASH(frame_double) {
    struct frame *frame = crash_take_frame();
    crash_put_frame(frame);
    crash_put_frame(frame);
}

CRASH(frame_stale) {
    struct frame *frame = crash_take_frame();
    crash_put_frame(frame);
    *(volatile char *)frame_virt(frame) ^= 1;
    crash_put_frame(crash_take_frame());
}
