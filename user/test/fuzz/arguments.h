/*
 * Arguments for system calls: of a kind that the call can use, or of none at all.
 */
#ifndef FUZZ_ARGUMENTS_H
#define FUZZ_ARGUMENTS_H

#include "life.h"

enum kind {
    NONE, /* no argument, or one that means nothing */

    /* Numbers: numbers.c. */
    FD, DIR, SIZE, OFFSET, PAGE_OFFSET, COUNT, PID, GROUP, SIGNAL, UID, MODE, DEVICE, LENGTH,
    TIMER, SET_SIZE, SMALL, ZERO, TIMESPEC_OR_COUNT, CLOCK,

    /* Addresses: places.c. */
    BUFFER, PLACE, STACK, WORD, OUT,

    /* Names: names.c. */
    NAME, PROGRAM, SWAP_DISK,

    /* Structures: structures.c. */
    FIRST_STRUCTURE,
    IOVEC = FIRST_STRUCTURE, TIMESPEC, TIMESPECS, ITIMERSPEC, ITIMERVAL, SIGSET, ACTION, SIGNAL_STACK,
    EVENT, INFO, RLIMIT, POLL_FDS, FD_SET, SELECT_MASK, LOCK, CLONE_ARGS, STRINGS, ROBUST_LIST, IOCTL_DATA,
    IDS, OFFSETS, HWPROBE,

    /* Constants: constants.c. One of a set, or some of it ORed. */
    FIRST_CONSTANT,
    OPEN_FLAGS = FIRST_CONSTANT, FD_FLAGS, FCNTL, IOCTL, FLOCK, WHENCE, AT_FLAGS, LINK_FLAGS, UNLINK_FLAGS,
    RENAME_FLAGS, PROTECTION, MAP_FLAGS, REMAP_FLAGS, ADVICE, SYNC_FLAGS, LOCK_ALL, FILE_ADVICE,
    CLONE_FLAGS, WAIT_TYPE, WAIT_FLAGS, WAIT4_FLAGS, FUTEX, MASK_HOW, CLOCK_ID, TIME_FLAGS, ITIMER, RESOURCE,
    PRIORITY_OF, PRCTL, SYSLOG, RANDOM_FLAGS, RUSAGE, FS_TYPE, MOUNT_FLAGS, ROBUST_SIZE, CLONE_SIZE,
    STATX_MASK,
    KINDS
};

/* A value of that kind, now and then one of none. */
uint64_t argument_make(struct life *life, enum kind kind);

/* A value that is interesting as pointer, length, descriptor, flags and number alike. */
uint64_t argument_hostile(struct life *life);

/* The makers behind argument_make. */
uint64_t number_make(struct life *life, enum kind kind);
uint64_t place_make(struct life *life, enum kind kind);
uint64_t name_make(struct life *life, enum kind kind);
uint64_t structure_make(struct life *life, enum kind kind);
uint64_t constant_make(struct life *life, enum kind kind);

/* Room for `size` bytes that may be written, aligned as any structure. */
void *room_make(struct life *life, unsigned size);

#endif
