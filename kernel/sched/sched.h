// The scheduler: picks who runs, switches, and places those who wake.
//
// A thread that is READY is on exactly one run queue, or about to be put there by the one who
// woke it. `on_cpu` says that its registers are still in a hart: such a thread is put back on
// that hart's queue and nobody else may take it from there. The queue's lock is held over the
// switch, by the old thread before it and by the new one after it.
#ifndef SCHED_SCHED_H
#define SCHED_SCHED_H

#include <sched/hart.h>
#include <sched/thread.h>

// Gives up the CPU: the caller's state says what becomes of it (RUNNING: back to the queue;
// WAITING: until a wake-up; ZOMBIE: never runs again). No spinlock may be held.
void schedule(void);

// Makes a WAITING thread READY and finds it a hart; false if it was not WAITING.
// Callable from interrupts and with spinlocks held.
bool thread_wake(struct thread *thread);

// After a software or timer interrupt, and on the way to user mode: has the running thread
// had its share, or has something better come?
static inline bool sched_wants_cpu(void) { return thread_current()->need_resched; }

// Is the caller allowed to be switched away from? (No spinlock, preemption not disabled.)
static inline bool sched_preemptible(void) {
    struct current *self = current();
    return !self->spin_depth && !self->preempt_off;
}

// The timer interrupt, interrupts off; `from_user`: what it interrupted.
void sched_timer_interrupt(bool from_user);

// The first code of a new thread; entry.S only.
void sched_finish_switch(struct thread *previous);

// Turns the calling context into the hart's idle thread: never returns.
void sched_idle(void) __attribute__((noreturn));

// Prepares the hart's queues and makes `idle` its idle thread. Before its first schedule.
void sched_init_hart(struct hart *hart, struct thread *idle);

// How long a thread may run while others wait, in ticks.
extern uint64_t sched_quantum;

// mm/ supplies memory for threads with their stacks, and the switch of address spaces.
struct sched_memory {
    struct thread *(*thread_alloc)(void);       // zeroed, with `stack` set; NULL: no memory
    void (*thread_free)(struct thread *thread); // never sleeps
    void (*space_switch)(struct hart *hart, struct space *space);
};
extern struct sched_memory sched_memory;

// The policy: the order of a run queue (policy files define these; the lock is held).
void policy_enqueue(struct run_queue *queue, struct thread *thread);
struct thread *policy_pick(struct run_queue *queue);            // taken off; NULL when empty
struct thread *policy_steal(struct run_queue *queue);           // one that is not on_cpu

#endif
