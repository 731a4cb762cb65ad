// Unwinding: from one call to its caller, by the tables that the compiler makes.
#ifndef DEBUG_UNWIND_H
#define DEBUG_UNWIND_H

#include <stdbool.h>
#include <stdint.h>

// What is known of a function that has not ended: where it is, and the registers that lead on.
struct call_state {
    uint64_t pc;
    uint64_t sp, ra, s0;
    bool exact;                 // pc is the next instruction; else the one behind a call
};

// The state of the function that it is used in.
static inline __attribute__((always_inline)) struct call_state call_state_here(void) {
    struct call_state state = { .exact = true };
    __asm__ volatile("auipc %0, 0\n\tmv %1, sp\n\tmv %2, ra\n\tmv %3, s0"
                     : "=&r"(state.pc), "=&r"(state.sp), "=&r"(state.ra), "=&r"(state.s0));
    return state;
}

// Goes on to the caller; false at the end, or if the tables do not lead on. Reads nothing outside
// the tables and kernel stacks, so that it can run in a panic.
bool unwind_step(struct call_state *state);

#endif
