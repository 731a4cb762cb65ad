// Per-hart data of the scheduler. Reached with preemption off, which is asserted.
#ifndef SCHED_HART_H
#define SCHED_HART_H

#include <debug/panic.h>
#include <lib/list.h>
#include <lib/pairing_heap.h>
#include <riscv/csr.h>
#include <riscv/current.h>
#include <stdint.h>
#include <sched/run_queue.h>
#include <sync/spinlock.h>

#define HARTS_MAX 8

struct space;
struct thread;
struct timer;

// A hart that idles reads no user memory: it is not told at once what its TLB should forget, but finds
// when it goes on that there was something.
enum tlb_rest { TLB_IN_USE, TLB_AT_REST, TLB_STALE };

struct hart {
    struct hart_stack stack;        // first: see riscv/current.h
    uint32_t index;
    uint64_t id;                    // as SBI and the device tree call it
    struct thread *idle;
    struct run_queue queue;
    uint64_t quantum_end;           // ticks; when the running thread has had its share
    uint64_t balance_at;            // ... and when to look for threads of other harts again

    struct spinlock timer_lock;     // guards the next three
    struct pairing_heap timers;
    struct timer *timer_running;    // whose expire is being called
    uint64_t timer_set;             // what the hardware is set to

    struct thread *fpu_owner;       // whose registers the floating-point file holds
    struct space *space;            // whose tables satp points at; NULL: the kernel's own
    uint64_t asid_generation;       // its TLB knows ASIDs of this generation: mm/asid.h
    struct space *space_evict;      // asked to leave that one: mm/space.c
    uint32_t kicks;                 // harts that it interrupts as soon as it takes interrupts itself
    uint32_t tlb_rest;              // enum tlb_rest; atomic
    uint64_t stack_generation;      // stacks mapped up to here are known to this hart's TLB
    uint64_t interrupts[16];        // by code, for the curious
    uint64_t switches, stolen;
    uint64_t started_at;
    uint64_t user_ticks[2];         // of threads that are not nice, and that are
    bool online;
};

extern struct hart harts[HARTS_MAX];
extern uint32_t hart_count;

// The compiler is to keep the address, not to compute it again (a multiplication) at each use.
static inline struct hart *hart_at(uint32_t index) {
    struct hart *hart = &harts[index];
    __asm__("" : "+r"(hart));
    return hart;
}

static inline struct hart *this_hart(void) {
    struct current *self = current();
    assert(self->spin_depth || self->preempt_off || !irq_enabled());
    return self->hart_data;
}

// Is `hart` at rest? Then it forgets all before it goes on.
static inline bool hart_tlb_postpone(struct hart *hart) {
    uint32_t rest = TLB_AT_REST;
    return __atomic_compare_exchange_n(&hart->tlb_rest, &rest, TLB_STALE, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST) || rest == TLB_STALE;
}

// Software interrupts to the harts of a mask of indices.
void harts_interrupt(uint32_t mask);

// The same, but this hart needs none. Under a spinlock it only makes a software interrupt of its own
// pending, whose handler then sends them: a hart that is woken at once would spin for that lock, and an
// emulator's that holds it may be long in coming back from the firmware.
void harts_kick(uint32_t mask);
void harts_kick_postponed(void);

// The same mask as SBI wants it: hart ids relative to *base. Hart ids may be sparse; those
// that do not fit one call are the caller's next (the function returns what is left).
uint32_t harts_sbi_mask(uint32_t mask, uint64_t *sbi_mask, uint64_t *base);

#endif
