// What a context switch saves: where to go on, and the stack. All else is on that stack already: the
// compiler saves what it wants to keep over a switch, and a trap frame has the user's registers.
#ifndef RISCV_CONTEXT_H
#define RISCV_CONTEXT_H

#include <stdint.h>

struct context {
    uint64_t ra, sp;
};

struct fpu_state {
    uint64_t f[32];
    uint64_t fcsr;
};

// Where in a thread its context lies, tp pointing at the thread: so a switch finds tp without an instruction more.
#define CONTEXT_AT 160

// Saves the running context in `from` and continues the one in `to`, with `to`'s thread in tp: returns when
// somebody switches back. `from_value` is what the other side's switch_context returns.
static inline void *switch_context(struct context *from, struct context *to, void *from_value) {
    register struct context *a0 __asm__("a0") = from, *a1 __asm__("a1") = to;
    register void *a2 __asm__("a2") = from_value;
    // A call that preserves no register but sp, gp and tp.
    __asm__ volatile("call context_switch" : "+r"(a0), "+r"(a1), "+r"(a2) : :
                     "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a3", "a4", "a5", "a6", "a7",
                     "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11",
                     "memory");
    return a0;
}

// Stores or loads the user's floating-point registers. sstatus.FS must not be Off.
void fpu_save(struct fpu_state *state);
void fpu_load(const struct fpu_state *state);

#endif
