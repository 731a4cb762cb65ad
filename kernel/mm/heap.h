// The kernel heap: objects of any size up to HEAP_LARGEST.
#ifndef MM_HEAP_H
#define MM_HEAP_H

#include <stdbool.h>
#include <stddef.h>

#define HEAP_EXTRA   (48ul * DEBUG_HEAP)         // around each object, in the debug build
#define HEAP_LARGEST ((4ul << 20) - HEAP_EXTRA)

// `size` bytes, 16-byte aligned, undefined (kmalloc) or zero (kzalloc) contents; NULL when
// memory is out. May sleep to reclaim; the _nowait form does not.
void *kmalloc(size_t size) __attribute__((malloc, warn_unused_result));
void *kzalloc(size_t size) __attribute__((malloc, warn_unused_result));
void *kmalloc_nowait(size_t size) __attribute__((malloc, warn_unused_result));

// Gives it back; NULL is allowed. Never sleeps.
void kfree(void *object);

// A copy of a string on the heap, or NULL.
char *kstrdup(const char *string) __attribute__((malloc, warn_unused_result));

void heap_init(void);         // before the first kmalloc

// Bytes handed out and bytes held in frames; `large` are those of objects that are no class's.
struct heap_stats {
    size_t used, held, large;
};
void heap_stats_get(struct heap_stats *stats);

// A class of equal objects: how many are in use and free, and the slabs (frames) that hold them.
struct heap_class {
    size_t size, used, free, slabs;
};
// Of class `index`, from 0, the smallest, up; false when there is no such class. Takes its lock.
bool heap_class_get(unsigned index, struct heap_class *class);

#endif
