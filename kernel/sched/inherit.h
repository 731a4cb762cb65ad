// What a sleeping lock lends the thread that has it: the priority of those who wait, who may wait for
// others' locks in turn.
#ifndef SCHED_INHERIT_H
#define SCHED_INHERIT_H

#include <lib/list.h>
#include <stdint.h>

struct thread;

// Part of a lock. Its state is a thread's address (an odd part of it is the lock's own: see below) while
// one thread alone has the lock, and else not negative.
struct loan {
    uintptr_t state;            // atomic
    struct list node;           // on the owner's list of loans ...
    int lent;                   // ... with this priority; 0: it is on none
};

// Bits of the state that are not the address. Whoever takes the lock away from a state with LOAN_WAITED
// calls loan_take_back.
#define LOAN_WAITED 1ul
#define LOAN_BITS   7ul
#define LOAN_OWNED  (1ul << 63) // threads lie in the upper half

// Who has the lock, if somebody waits for it; else NULL.
static inline struct thread *loan_owner(const struct loan *loan) {
    uintptr_t state = __atomic_load_n(&loan->state, __ATOMIC_RELAXED);
    return state & LOAN_OWNED && state & LOAN_WAITED ? (struct thread *)(state & ~LOAN_BITS) : NULL;
}

// The calling thread waits from here on; the lock's own spinlock, which unlocking a lock that is waited
// for takes too, is held. Until loan_waited.
void loan_wait(struct loan *loan);

// It has the lock, with LOAN_WAITED if it alone has it: lends it what those who still wait, the most
// important of whom is of `priority` (0: nobody), lend.
void loan_waited(struct loan *loan, int priority);

// The calling thread has let go of the lock, whose spinlock is held. Somebody else may have it already: those
// who wait, the most important of whom is of `priority` (0: nobody), lend to him now.
void loan_take_back(struct loan *loan, int priority);

#endif
