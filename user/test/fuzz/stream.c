/*
 * Random numbers: xorshift64*. See stream.h.
 */
#include "stream.h"

#include <string.h>

struct stream stream_derive(uint64_t seed, uint64_t index) {
    struct stream stream = { (seed * 0x9e3779b97f4a7c15 + index + 1) * 0xd1342543de82ef95 | 1 };

    for (int i = 0; i < 8; i++)
        stream_next(&stream);
    return stream;
}

uint64_t stream_next(struct stream *stream) {
    stream->state ^= stream->state >> 12;
    stream->state ^= stream->state << 25;
    stream->state ^= stream->state >> 27;
    return stream->state * 0x2545f4914f6cdd1d;
}

uint64_t stream_below(struct stream *stream, uint64_t limit) {
    return (stream_next(stream) >> 16) % limit;
}

bool stream_once_in(struct stream *stream, unsigned n) {
    return stream_below(stream, n) == 0;
}

void stream_bytes(struct stream *stream, void *to, unsigned size) {
    for (unsigned done = 0; done < size; done += 8) {
        uint64_t word = stream_next(stream);
        memcpy((char *)to + done, &word, size - done < 8 ? size - done : 8);
    }
}
