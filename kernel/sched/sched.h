// The scheduler: picks who runs, switches, and places those who wake.
//
// schedule.c switches, place.c finds harts for threads and threads for harts, run_queue.c holds those
// that wait, policy_*.c say who is next. Why no wake-up is lost and nobody waits in a ring for a lock
// is in README.md.
#ifndef SCHED_SCHED_H
#define SCHED_SCHED_H

#include <sched/hart.h>
#include <sched/thread.h>

// Gives up the CPU: the caller's state says what becomes of it (RUNNING: back to the queue;
// WAITING: until a wake-up; ZOMBIE: never runs again). No spinlock may be held.
void schedule(void);

// The same for a WAITING thread that holds `lock` alone, which is released meanwhile and held again
// afterwards. Nothing comes between on this hart: interrupts stay off until the switch.
void schedule_without(struct spinlock *lock);

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

// The first code of a new thread, and of one in the kernel; entry.S only.
void sched_finish_switch(struct thread *previous);
void thread_main(void) __attribute__((noreturn));

// Turns the calling context into the hart's idle thread: never returns.
void sched_idle(void) __attribute__((noreturn));

// Prepares the hart's queues and makes `idle` its idle thread. Before its first schedule.
void sched_init_hart(struct hart *hart, struct thread *idle);

// How long a thread may run while others wait, in ticks: how policies count. QUANTUM_LEAST_NS to
// QUANTUM_MOST_NS; others are -EINVAL.
extern uint64_t sched_quantum;
#define QUANTUM_LEAST_NS 100000ul
#define QUANTUM_MOST_NS 10000000000ul
int sched_quantum_ns_set(uint64_t ns);

// May a thread that could go on be made to give up its hart? False is the cooperative kernel: only
// sched_yield, sleeping and exit do. Whoever sets it need tell nobody: it counts from the next tick.
extern bool sched_preemption;

// mm/ supplies memory for threads with their stacks, and the switch of address spaces.
struct sched_memory {
    struct thread *(*thread_alloc)(void);       // zeroed, with `stack` set; NULL: no memory
    void (*thread_free)(struct thread *thread); // never sleeps
    void (*space_switch)(struct hart *hart, struct space *space);
    void *(*alloc)(size_t size);                // may sleep; NULL: no memory
    void (*free)(void *memory);
};
extern struct sched_memory sched_memory;

// --- between schedule.c and place.c ---

// Finds a READY thread that is on no queue a hart, and sees to it that it runs.
void sched_place(struct thread *thread, enum ready_why why);

// Puts a thread on the queue of `hart`, whose lock is held, that another hart has waiting: was there
// one?
bool sched_steal(struct hart *hart);

// Each quantum: takes a thread from a hart where more wait than here: was there one? Interrupts off.
bool sched_balance(struct hart *hart);

#endif
