/*
 * Which maker an argument comes from. See arguments.h.
 */
#include "arguments.h"

#define HOSTILE_IN 24 /* one argument of so many is nonsense */

static const uint64_t hostile[] = {
    0, 1, 2, 3, 4, 5, 7, 8, 16, 63, 64, 65, 127, 255, 0xfff, 4096, 4097, 65536, 1000000,
    0x7fffffff, 0x80000000, 0xffffffff, 1ul << 32, (1ul << 32) + 1, 1ul << 48, 1ul << 62, 1ul << 63,
    0x7fffffffffffffff, 0x7ffffffffffff000, -1ul, -2ul, -8ul, -100ul, -4095ul, -4096ul,
    /* around the end of user space, where there is nothing, and the kernel's half */
    0x3fffffe000, 0x3ffffff000, 0x3fffffffff, 0x4000000000, 0x8000000000, 0xffffffc000000000,
    0xffffffd000000000, 0xffffffff80000000, 0xffffffff80200001, 0xfffffffffffff000,
};
#define HOSTILE (sizeof(hostile) / sizeof(hostile[0]))

static const uint64_t places[] = {
    ARENA, ARENA + 101, ARENA_HOLE - 1, ARENA_HOLE - 12, ARENA_HOLE, ARENA_LOCKED - 1, ARENA_LOCKED,
    ARENA_LOCKED + PAGE_SIZE, COMMON, COMMON + COMMON_SIZE - 4, WINDOW, WINDOW + 7,
    WINDOW + WINDOW_PAGES * PAGE_SIZE - 1, STACKS, 0x10000,
};
#define PLACES (sizeof(places) / sizeof(places[0]))

uint64_t argument_hostile(struct life *life) {
    struct stream *s = &life->stream;

    switch (stream_below(s, 8)) {
    case 0: return stream_next(s);
    case 1: return stream_next(s) >> stream_below(s, 64);
    case 2: return 1ul << stream_below(s, 64);
    case 3: case 4: return places[stream_below(s, PLACES)];
    default: return hostile[stream_below(s, HOSTILE)];
    }
}

uint64_t argument_make(struct life *life, enum kind kind) {
    if (kind == NONE || stream_once_in(&life->stream, HOSTILE_IN))
        return argument_hostile(life);
    if (kind >= FIRST_CONSTANT)
        return constant_make(life, kind);
    if (kind >= FIRST_STRUCTURE)
        return structure_make(life, kind);
    if (kind >= NAME)
        return name_make(life, kind);
    return kind >= BUFFER ? place_make(life, kind) : number_make(life, kind);
}
