/*
 * The heap's blocks: finding, splitting, joining, and the kernel's part. See heap.h.
 */
#include "heap.h"

#include <stdint.h>
#include <unistd.h>

#define GROWTH (64ul << 10) /* the heap grows by multiples of this */
#define TRIM   (1ul << 20)  /* a free top of this size goes back */
#define SMALL  512          /* below, blocks of each size have a bin: the first one fits */
#define BINS   ((int)(SMALL / BLOCK_ALIGN) + 48)

static struct block *bins[BINS];
static struct block *end; /* the header of size 0 */

static int bin_of(size_t size) {
    int bin = SMALL / BLOCK_ALIGN;

    if (size < SMALL)
        return size / BLOCK_ALIGN;
    for (size /= 2 * SMALL; size > 0; size /= 2)
        bin++;
    return bin;
}

static void bin_insert(struct block *b) {
    struct block **bin = &bins[bin_of(block_size(b))];

    b->next = *bin;
    b->previous = NULL;
    if (*bin != NULL)
        (*bin)->previous = b;
    *bin = b;
}

static void bin_remove(struct block *b) {
    if (b->previous != NULL)
        b->previous->next = b->next;
    else
        bins[bin_of(block_size(b))] = b->next;
    if (b->next != NULL)
        b->next->previous = b->previous;
}

/* Makes [b, b + size) a free block. The block below it must be in use. */
static struct block *block_make_free(struct block *b, size_t size) {
    b->header = size | BLOCK_BELOW_USED;
    ((size_t *)block_above(b))[-1] = size;
    block_above(b)->header &= ~BLOCK_BELOW_USED;
    bin_insert(b);
    return b;
}

/* Marks b used and gives back what it has beyond size. b is in no bin. */
static void block_take(struct block *b, size_t size) {
    size_t rest = block_size(b) - size;

    if (rest < BLOCK_MIN) {
        b->header |= BLOCK_USED;
        block_above(b)->header |= BLOCK_BELOW_USED;
        return;
    }
    b->header = size | BLOCK_USED | (b->header & BLOCK_BELOW_USED);
    block_make_free(block_above(b), rest);
}

/* Frees a block in use, joined with free neighbours. Returns the whole. */
static struct block *block_free(struct block *b) {
    size_t size = block_size(b);
    struct block *above = block_above(b);

    if (!(above->header & BLOCK_USED)) {
        bin_remove(above);
        size += block_size(above);
    }
    if (!(b->header & BLOCK_BELOW_USED)) {
        size_t below = ((size_t *)b)[-1];

        b = (struct block *)((char *)b - below);
        bin_remove(b);
        size += below;
    }
    return block_make_free(b, size);
}

/* Asks the kernel for at least size bytes of heap. False when there are none. */
static bool heap_grow(size_t size) {
    size_t want = (size + GROWTH - 1) / GROWTH * GROWTH;
    char *start = sbrk(0);
    struct block *b = end;

    if (b == NULL) { /* the first time: find the place of the first header */
        size_t skip = -((uintptr_t)start + BLOCK_HEADER) % BLOCK_ALIGN;

        if (sbrk(skip + BLOCK_HEADER + want) == (void *)-1)
            return false;
        b = (struct block *)(start + skip);
        b->header = BLOCK_BELOW_USED;
    } else if (start != (char *)end + BLOCK_HEADER || sbrk(want) == (void *)-1) {
        return false; /* no memory, or the program itself moved the break */
    }
    end = (struct block *)((char *)b + want);
    end->header = BLOCK_USED;
    b->header = want | BLOCK_USED | (b->header & BLOCK_BELOW_USED);
    block_free(b);
    return true;
}

/* Gives the top of the heap back once it is large. */
static void heap_trim(struct block *top) {
    size_t give = (block_size(top) - BLOCK_MIN) / GROWTH * GROWTH;

    if (block_above(top) != end || give < TRIM || sbrk(0) != (char *)end + BLOCK_HEADER)
        return;
    if (sbrk(-(intptr_t)give) == (void *)-1)
        return;
    bin_remove(top);
    end = (struct block *)((char *)end - give);
    end->header = BLOCK_USED;
    block_make_free(top, block_size(top) - give);
}

/* Takes a free block of at least size bytes out of its bin; NULL when none is left. */
static struct block *block_find(size_t size) {
    int bin;

    for (bin = bin_of(size); bin < BINS; bin++) {
        struct block *b;

        for (b = bins[bin]; b != NULL; b = b->next) {
            if (block_size(b) >= size) {
                bin_remove(b);
                return b;
            }
        }
    }
    return NULL;
}

struct block *heap_take(size_t size) {
    struct block *b = block_find(size);

    if (b == NULL && heap_grow(size))
        b = block_find(size);
    if (b != NULL)
        block_take(b, size);
    return b;
}

bool heap_extend(struct block *b, size_t size) {
    struct block *above = block_above(b);

    if ((above->header & BLOCK_USED) || block_size(b) + block_size(above) < size)
        return false;
    bin_remove(above);
    b->header += block_size(above);
    block_take(b, size);
    return true;
}

void heap_cut(struct block *b, size_t size) {
    size_t left = block_size(b) - size;
    struct block *rest;

    b->header = size | (b->header & BLOCK_FLAGS);
    rest = block_above(b);
    rest->header = left | BLOCK_USED | BLOCK_BELOW_USED;
    heap_free(rest);
}

void heap_free(struct block *b) {
    heap_trim(block_free(b));
}
