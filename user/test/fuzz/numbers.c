/*
 * Arguments that are numbers, and those that are addresses of memory without a structure.
 */
#include "arguments.h"

#include <fcntl.h>
#include <unistd.h>

#define FDS 32 /* descriptors that are in use, or soon will be */

static pid_t pid_make(struct life *life) {
    struct stream *s = &life->stream;

    switch (stream_below(s, 8)) {
    case 0: return 0;
    case 1: return getpid();
    case 2: return getppid();
    case 3: return gettid();
    case 4: return life->slot->pid;
    case 5: return stream_once_in(s, 4) ? run.supervisor : 1;
    default: return life->pids[stream_below(s, 4)];
    }
}

static uint64_t size_make(struct stream *s) {
    static const uint16_t sizes[] = { 0, 1, 2, 7, 8, 16, 64, 100, 512, 1024, 4095, 4096, 4097, 8192 };

    return stream_once_in(s, 4) ? stream_below(s, 40000) : sizes[stream_below(s, 14)];
}

/* Some pages, sometimes so many that memory gets short. */
static uint64_t length_make(struct stream *s) {
    if (stream_once_in(s, run.hungry ? 3 : 16))
        return stream_below(s, run.hungry ? 2048 : 1024) * PAGE_SIZE;
    return stream_below(s, 4) ? (1 + stream_below(s, 16)) * PAGE_SIZE : stream_below(s, 100000);
}

static uint64_t device_make(struct stream *s) {
    static const uint16_t devices[] = { 0x103, 0x105, 0x107, 0x109, 0x500, 0x502, 0x8800, 0 };

    return devices[stream_below(s, 8)];
}

static uint64_t id_make(struct stream *s) {
    static const uint32_t ids[] = { 0, 1, 1000, 1001, 1002, 65534, -1u };

    return ids[stream_below(s, 7)];
}

uint64_t number_make(struct life *life, enum kind kind) {
    struct stream *s = &life->stream;

    switch (kind) {
    case FD: return stream_below(s, FDS);
    case DIR: return stream_once_in(s, 6) ? stream_below(s, FDS) : (uint64_t)AT_FDCWD;
    case SIZE: return size_make(s);
    case OFFSET: return stream_below(s, 8) ? stream_below(s, 70000) : stream_next(s) >> 32;
    case PAGE_OFFSET: return stream_below(s, 6) * PAGE_SIZE;
    case LENGTH: return length_make(s);
    case PID: return pid_make(life);
    case GROUP: return -(uint64_t)pid_make(life);
    case SIGNAL: return stream_below(s, 66);
    case UID: return id_make(s);
    case MODE: return (stream_below(s, 4) ? 0700 : 0) | stream_below(s, 010000) |
                      stream_below(s, 16) << 12;
    case DEVICE: return device_make(s);
    case TIMER: return stream_below(s, 6);
    case ZERO: return 0;
    case SET_SIZE: return 8;
    case TIMESPEC_OR_COUNT: return stream_once_in(s, 2) ? stream_below(s, 8)
                                                        : argument_make(life, TIMESPEC);
    default: return stream_below(s, 12);
    }
}

/* Not all of it in one mapping, and not all of it mapped. */
static uint64_t window_make(struct stream *s) {
    return WINDOW + stream_below(s, WINDOW_PAGES) * PAGE_SIZE;
}

static uint64_t buffer_make(struct life *life) {
    struct stream *s = &life->stream;

    switch (stream_below(s, 8)) {
    case 0: return window_make(s) + stream_below(s, PAGE_SIZE);
    case 1: return COMMON + stream_below(s, COMMON_SIZE);
    case 2: return life->places[stream_below(s, 4)] + stream_below(s, 3) * 2000;
    default: return ARENA + ARENA_SIZE / 2 + stream_below(s, ARENA_SIZE / 4);
    }
}

static uint64_t word_make(struct stream *s) {
    uint64_t memory = stream_below(s, 3) ? COMMON : ARENA + ARENA_SIZE - PAGE_SIZE;

    return memory + stream_below(s, 16) * 4;
}

void *room_make(struct life *life, unsigned size) {
    char *room = (char *)ARENA + stream_below(&life->stream, 32) * 1024;

    return size <= 1024 ? room : (char *)ARENA;
}

uint64_t place_make(struct life *life, enum kind kind) {
    struct stream *s = &life->stream;

    switch (kind) {
    case PLACE: return stream_once_in(s, 5) ? life->places[stream_below(s, 4)] : window_make(s);
    case STACK: return STACKS + (1 + stream_below(s, STACK_COUNT)) * STACK_SIZE;
    case WORD: return word_make(s);
    case OUT: return stream_once_in(s, 3) ? 0 : buffer_make(life) & ~7ul;
    default: return buffer_make(life);
    }
}
