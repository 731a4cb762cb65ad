/*
 * The directory that is the workers' root: all names that they can say lie in it.
 */
#ifndef FUZZ_SCRATCH_H
#define FUZZ_SCRATCH_H

#include <stdbool.h>

/* Makes it with what a root needs, or puts back what the last round took away from it. */
bool scratch_make(void);

/* Fills it with programs to execute: good ones, and those of which the seed has broken a few bytes. */
bool scratch_programs(unsigned long round);

/* Makes it the caller's root, and its own /home where it is. 0, or -1. */
int scratch_enter(void);

/* Unmounts and removes all of it. */
bool scratch_empty(void);

#endif
