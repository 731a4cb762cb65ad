// The platform-level interrupt controller (RISC-V PLIC specification 1.0.0).
#ifndef DEV_PLIC_H
#define DEV_PLIC_H

#include <stdint.h>

// `context_of_hart[i]` is the PLIC context of hart index i's S-mode (from interrupts-extended),
// or -1. `sources` is riscv,ndev.
void plic_init(volatile void *base, unsigned sources, const int *context_of_hart, unsigned harts);

// Bytes of registers that plic_init and the rest touch with these contexts.
uint64_t plic_window_size(const int *context_of_hart, unsigned harts);

// Opens the calling hart's context, and spreads the registered sources over all open harts.
void plic_init_hart(void);

// Calls handler(argument) in interrupt context for each interrupt of `source`. Boot only.
void plic_register(unsigned source, const char *name, void (*handler)(void *), void *argument);

// For /proc/interrupts: sources are 1 to plic_sources(); a source's name (NULL: nobody handles it),
// and how many of its interrupts hart index `hart` has had.
unsigned plic_sources(void);
const char *plic_source_name(unsigned source);
uint64_t plic_count(unsigned source, unsigned hart);

// Lets hart index `hart`, which must be open, take the interrupts of `source` from now on.
void plic_route(unsigned source, unsigned hart);

// The external-interrupt handler: claims, dispatches and completes until none is left.
void plic_interrupt(void);

#endif
