// What is running: `tp` points at the running thread for as long as the hart is in S-mode.
//
// The lowest layers (spinlock, panic) need a few words of the running thread without
// knowing what a thread is. Those words are `struct current`, and every struct thread
// begins with one.
#ifndef RISCV_CURRENT_H
#define RISCV_CURRENT_H

#include <stdbool.h>
#include <stdint.h>

struct hart;

// Where a stack overflow on a hart is reported from: the top of that stack.
struct hart_stack {
    uint64_t emergency;
};

struct current {
    uint32_t spin_depth;    // spinlocks held; interrupts are off while it is not 0
    uint32_t spin_irq;      // SSTATUS_SIE if interrupts were on before the outermost spin_lock, else 0
    uint32_t preempt_off;   // nesting of preempt_disable
    uint32_t hart;          // index of the hart it runs on; stable while preemption is off
    uint64_t entered;       // ticks when it last came from user mode: for sched/account.c
    struct hart *hart_data; // that hart's: sched/hart.h. It begins with a struct hart_stack
};

// To a thread tp is a constant, and compilers treat it as one: C never writes it. A switch gives the hart
// to a thread with its own (riscv/context.h).
register struct current *thread_pointer __asm__("tp");

static inline struct current *current(void) { return thread_pointer; }

#endif
