/*
 * Loads and stores that may fault: what faults is passed over.
 */
#ifndef FUZZ_PROBE_H
#define FUZZ_PROBE_H

#include <stdbool.h>
#include <stdint.h>

/* Loads a byte from the address, or stores one there. */
void probe(uint64_t address, bool store);

/* (Re)installs the handlers, also that of SIGALRM, which only interrupts. */
void probe_install(void);

/* Has all other signals do nothing but interrupt. */
void probe_catch_all(void);

#endif
