/*
 * Streams of random numbers. Each process and thread of the fuzzer has its own, derived from the seed
 * and from which one it is, so that what one draws does not depend on when another runs.
 */
#ifndef FUZZ_STREAM_H
#define FUZZ_STREAM_H

#include <stdbool.h>
#include <stdint.h>

struct stream {
    uint64_t state; /* never 0 */
};

struct stream stream_derive(uint64_t seed, uint64_t index);

uint64_t stream_next(struct stream *stream);

/* From 0 to limit - 1. */
uint64_t stream_below(struct stream *stream, uint64_t limit);

/* True once in n times. */
bool stream_once_in(struct stream *stream, unsigned n);

void stream_bytes(struct stream *stream, void *to, unsigned size);

#endif
