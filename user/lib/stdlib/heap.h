/*
 * The heap: a run of blocks with boundary tags, free ones in lists by size. malloc.c is the
 * interface above it.
 *
 * A block starts with a header word: its size (a multiple of 16, header included) with two
 * flags in the low bits, "this block is in use" and "the block below is in use". A free block
 * also ends with its size (its footer), so that the block above it finds its start; a block in
 * use needs no footer, and its user has those bytes. The payload begins right after the header
 * and is 16-aligned, hence headers lie at 8 mod 16.
 *
 *     | size|flags | payload ...............|           in use
 *     | size|flags | next | previous | ... | size |     free
 *
 * Free blocks hang in one of the bins: small ones in one for each size, so that among thousands
 * nobody searches for one that fits, others in one for the sizes from 2^i to 2^(i+1) - 1. A free
 * block is joined with free neighbours at once, so no two free blocks ever touch. The heap
 * ends with a header of size 0 that is marked in use. It grows by brk, and its top goes back
 * to the kernel when it has become large.
 */
#ifndef LIBC_HEAP_H
#define LIBC_HEAP_H

#include <stdbool.h>
#include <stddef.h>

#define BLOCK_ALIGN  16ul
#define BLOCK_HEADER sizeof(size_t)
#define BLOCK_MIN    32ul

/* A header's flags. */
#define BLOCK_USED       1ul
#define BLOCK_BELOW_USED 2ul
#define BLOCK_FLAGS      (BLOCK_ALIGN - 1)

struct block {
    size_t header;
    /* Only in a free block: */
    struct block *next;
    struct block *previous;
};

static inline size_t block_size(const struct block *b) {
    return b->header & ~BLOCK_FLAGS;
}

static inline struct block *block_above(struct block *b) {
    return (struct block *)((char *)b + block_size(b));
}

static inline struct block *block_of(void *payload) {
    return (struct block *)((char *)payload - BLOCK_HEADER);
}

static inline void *payload_of(struct block *b) {
    return (char *)b + BLOCK_HEADER;
}

/*
 * Takes a block of exactly or little more than size bytes (a multiple of BLOCK_ALIGN, at least
 * BLOCK_MIN); grows the heap when it must. NULL when there is no memory.
 */
struct block *heap_take(size_t size);

/* Makes b, in use, at least size bytes large where it lies. False if what is above is in use. */
bool heap_extend(struct block *b, size_t size);

/* Cuts b, in use, down to size bytes; at least BLOCK_MIN must be left over. */
void heap_cut(struct block *b, size_t size);

/* Frees a block in use. */
void heap_free(struct block *b);

#endif
