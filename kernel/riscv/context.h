// What a context switch saves: the registers that a C call preserves; the rest is on the
// stack or in the trap frame.
#ifndef RISCV_CONTEXT_H
#define RISCV_CONTEXT_H

#include <stdint.h>

struct context {
    uint64_t ra, sp;
    uint64_t s[12];
};

struct fpu_state {
    uint64_t f[32];
    uint64_t fcsr;
};

// Saves the running context in `from` and continues the one in `to`: returns when somebody
// switches back. `from_value` is what the other side's context_switch returns.
void *context_switch(struct context *from, struct context *to, void *from_value);

// Stores or loads the user's floating-point registers. sstatus.FS must not be Off.
void fpu_save(struct fpu_state *state);
void fpu_load(const struct fpu_state *state);

#endif
