// The kernel heap: objects of any size up to 4 MiB.
#ifndef MM_HEAP_H
#define MM_HEAP_H

#include <stddef.h>

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

// Bytes handed out and bytes held in frames.
struct heap_stats {
    size_t used, held;
};
void heap_stats_get(struct heap_stats *stats);

#endif
