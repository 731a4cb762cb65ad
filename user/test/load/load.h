/* Loads whose shares and delays test_sched.py judges, for a program cannot know how fast the host is. */
#ifndef TEST_LOAD_H
#define TEST_LOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define MS 1000000ull

/* Shared by all children: what each has measured. */
extern volatile struct shared {
    uint64_t start, end;        /* when they run, by CLOCK_MONOTONIC */
    uint64_t value[64];
    uint32_t lock;
    bool stop;
} *shared;

uint64_t clock_ns(clockid_t id);
uint64_t now(void);
void sleep_until(uint64_t moment);
void spin_until(uint64_t moment);

/* 4 us where instructions are the clock. An emulator does nothing for these, but much for
 * each look at a clock. */
void spin(void);

/* Lets the caller and its children run on the harts of a mask alone. */
void pin(unsigned long mask);

/* The children start soon, for so long. */
void begin(uint64_t ms);

/* Waits for the children and prints the first values. */
void finish(int children, int values);

/* Each takes the words behind its name. */
void load_hogs(int argc, char **argv);          /* hogs.c */
void load_game(int argc, char **argv);
void load_response(int argc, char **argv);
void load_spread(int argc, char **argv);        /* harts.c */
void load_bound(int argc, char **argv);
void load_naps(int argc, char **argv);
void load_signals(int argc, char **argv);
void load_switch(int argc, char **argv);
void load_inversion(int argc, char **argv);     /* inversion.c */

#endif
