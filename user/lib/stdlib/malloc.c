/*
 * malloc and its kin, over the heap of heap.h.
 */
#include "heap.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../thread/lock.h"

/* No address space is larger: asking for more is a mistake in a calculation. */
#define SIZE_LIMIT (1ul << 40)

struct lock heap_lock;

/* The size of the block for a payload of n bytes, or 0 when there can be none. */
static size_t block_size_for(size_t n) {
    if (n > SIZE_LIMIT)
        return 0;
    n = (n + BLOCK_HEADER + BLOCK_ALIGN - 1) & ~(BLOCK_ALIGN - 1);
    return n < BLOCK_MIN ? BLOCK_MIN : n;
}

void *malloc(size_t n) {
    HOLDING(&heap_lock);
    size_t size = block_size_for(n);
    struct block *b = size == 0 ? NULL : heap_take(size);

    if (b == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    return payload_of(b);
}

void free(void *p) {
    HOLDING(&heap_lock);
    struct block *b = block_of(p);

    if (p == NULL)
        return;
    if (!(b->header & BLOCK_USED)) /* freed twice, or never allocated */
        abort();
    heap_free(b);
}

void *calloc(size_t count, size_t size) {
    size_t total;
    void *p;

    if (__builtin_mul_overflow(count, size, &total))
        total = -1; /* malloc refuses this */
    p = malloc(total);
    if (p != NULL)
        memset(p, 0, total);
    return p;
}

void *realloc(void *p, size_t n) {
    HOLDING(&heap_lock);
    struct block *b = block_of(p);
    size_t size = block_size_for(n);
    void *moved;

    if (p == NULL)
        return malloc(n);
    if (size != 0 && size + BLOCK_MIN <= block_size(b)) {
        heap_cut(b, size);
        return p;
    }
    if (size != 0 && (size <= block_size(b) || heap_extend(b, size)))
        return p;
    moved = malloc(n);
    if (moved != NULL) {
        memcpy(moved, p, block_size(b) - BLOCK_HEADER);
        free(p);
    }
    return moved;
}

void *reallocarray(void *p, size_t count, size_t size) {
    size_t total;

    if (__builtin_mul_overflow(count, size, &total))
        total = -1;
    return realloc(p, total);
}

/*
 * A wider alignment than 16: a block with room for it is taken, and what lies before the
 * aligned payload and after it becomes free again.
 */
void *aligned_alloc(size_t align, size_t n) {
    HOLDING(&heap_lock);
    char *p, *aligned;
    struct block *b, *front;

    if (align <= BLOCK_ALIGN)
        return malloc(n);
    p = block_size_for(n) == 0 || align > SIZE_LIMIT ? malloc(-1) : malloc(n + align + BLOCK_MIN);
    if (p == NULL || (uintptr_t)p % align == 0)
        return p;
    /* The front must be large enough to be a block. */
    aligned = (char *)(((uintptr_t)p + BLOCK_MIN + align - 1) & -align);
    front = block_of(p);
    b = block_of(aligned);
    b->header = (block_size(front) - (aligned - p)) | BLOCK_USED | BLOCK_BELOW_USED;
    front->header = (aligned - p) | (front->header & BLOCK_FLAGS);
    heap_free(front);
    return realloc(aligned, n);
}

int posix_memalign(void **out, size_t align, size_t size) {
    int saved = errno;

    if (align < sizeof(void *) || (align & (align - 1)) != 0)
        return EINVAL;
    *out = aligned_alloc(align, size);
    errno = saved;
    return *out == NULL ? ENOMEM : 0;
}
