/*
 * What the fuzzer knows of system calls. A call that is not in the table is made with hostile
 * arguments: so is each that the ABI gets after this was written.
 */
#ifndef FUZZ_CALLS_H
#define FUZZ_CALLS_H

#include "arguments.h"

struct request {
    long number;
    uint64_t arguments[6];
};

/* Chooses a call and its arguments. */
void call_choose(struct life *life, struct request *request);

/* Makes it. What clone makes goes on with life_clone. */
long call_make(struct life *life, const struct request *request);

/* Is it one that must not be made? harm.c says which, and why. */
bool call_harms(const struct life *life, const struct request *request);

#endif
