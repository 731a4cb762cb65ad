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

/* Makes it the root and working directory of the caller, whose children are born there. 0, or -1. */
int scratch_enter(void);

/* Puts files and folders there that have the names which the calls are made with, and are open to all. */
void scratch_furnish(void);

/* Unmounts and removes all of it. */
bool scratch_empty(void);

#endif
