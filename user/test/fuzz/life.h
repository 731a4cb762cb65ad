/*
 * A life: a process or thread that makes random calls until it has made enough of them, or dies.
 *
 * A worker is a process that the supervisor starts; it is in a session of its own, and what it brings
 * forth lives in the same way. Memory that calls are to work on lies at the same place in all.
 */
#ifndef FUZZ_LIFE_H
#define FUZZ_LIFE_H

#include "stream.h"

#include <sys/types.h>

#define PAGE_SIZE 4096ul

/* Private memory, the worker's own; its last pages are a hole, one to be read and one forbidden. */
#define ARENA        0x1000000000ul
#define ARENA_SIZE   (16 * PAGE_SIZE)
#define ARENA_HOLE   (ARENA + ARENA_SIZE)
#define ARENA_LOCKED (ARENA_HOLE + PAGE_SIZE)

/* Shared by all workers: words to wait on, bytes to quarrel about. */
#define COMMON       0x1100000000ul
#define COMMON_SIZE  (4 * PAGE_SIZE)

/* Where things are mapped and unmapped. */
#define WINDOW       0x1200000000ul
#define WINDOW_PAGES 256

/* Stacks of threads that clone makes. */
#define STACKS       0x1300000000ul
#define STACK_SIZE   (4 * PAGE_SIZE)
#define STACK_COUNT  8

/* What the supervisor sees of a worker, in memory that they share. */
#define SLOT_PLACE 0x1400000000ul

struct slot {
    volatile pid_t pid;             /* 0: nobody's */
    volatile bool root;
    volatile uint64_t index;        /* which worker this is, from 0 on */
    volatile uint64_t calls;        /* made by it and its descendants */
    volatile uint64_t state;        /* of the stream that made the last one */
    volatile long number;           /* the last call, and its arguments */
    volatile uint64_t arguments[6];
};

#define SLOTS 16

struct life {
    struct stream stream;
    struct slot *slot;
    bool root;                      /* began as root: see harm.c */
    bool alone;                     /* its clones end at once, so that the run can be repeated */
    int children;                   /* that it may still have */
    pid_t pids[4];                  /* that it has made */
    uint64_t places[4];             /* where it has mapped something */
    unsigned pid_next, place_next;
};

/* The settings of a run, made before the first worker. */
extern struct run {
    uint64_t seed;
    unsigned workers;
    bool verbose, hungry;           /* hungry: there is little memory, and all of it is to be used up */
    pid_t supervisor;
    struct slot *slots;             /* SLOTS of them */
} run;

/* Makes the memory that all workers share. Ends the program if there is none. */
void life_prepare(void);

/* The life of worker `index`, a fresh process in the scratch directory. */
void life_worker(struct slot *slot, uint64_t index) __attribute__((noreturn));

/* The life of what clone has made, on whatever stack that gave it. */
void life_clone(struct life *parent, uint64_t index) __attribute__((noreturn));

#endif
