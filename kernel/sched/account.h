// Who has used the harts: user and system time of threads and harts, and the load.
//
// A running thread's time since it was last charged is charged when it is switched away, when a
// timer interrupts it, and when it asks. In a switch it is known when the thread last entered the
// kernel (entry.S notes that): what came before was the program's, though a short system call may hide
// in it. A timer interrupt is a sample: all goes to the mode that it found.
#ifndef SCHED_ACCOUNT_H
#define SCHED_ACCOUNT_H

#include <sched/hart.h>
#include <sched/thread.h>
#include <stdbool.h>
#include <stdint.h>

// Ticks that have been charged to a thread, and what a running one has used since.
struct thread_times {
    uint64_t user, system, pending;
};

struct thread_times thread_times(const struct thread *thread);

// Charges the calling thread up to now, so that its times are exact.
void account_self(void);

// What a hart has done so far, in ticks; `nice` is user time of threads that are.
struct hart_times {
    uint64_t user, nice, system, idle;
};

struct hart_times hart_times(struct hart *hart);

// The load averages over 1, 5 and 15 minutes, with LOAD_BITS bits behind the point: how many threads
// ran, were ready, or waited for what no signal ends (a disk, a lock).
#define LOAD_BITS 16
void load_averages(uint64_t loads[3]);

// How many threads run or are ready now; how many wait uninterruptibly.
uint32_t threads_active(void);
uint32_t threads_blocked(void);

// For sched/ itself: in the timer interrupt; and around the sleep of a thread that no signal ends.
void account_tick(struct hart *hart, bool from_user);
void account_blocked(int change);

// Charges `thread`, which is in the kernel now, or is the idle one, and tells the policy. The run
// queue's lock is held.
static inline void account_split(struct hart *hart, struct thread *thread, uint64_t now) {
    uint64_t since = hart->queue.charged_at, entered = thread->current.entered;
    if (hart->queue.policy->tick && thread != hart->idle)
        run_queue_tick(&hart->queue, thread, now);
    hart->queue.charged_at = now;
    if (__builtin_expect(entered > since, true)) {
        hart->user_ticks[__builtin_expect(thread->nice > 0, false) ? 1 : 0] += entered - since;
        thread->user_ticks += entered - since;
        since = entered;
    }
    thread->system_ticks += now - since;
}

extern uint64_t load_due;               // ticks: when the load is to be sampled
void load_sample(uint64_t now);

static inline void load_look(uint64_t now) {
    if (__builtin_expect(now >= __atomic_load_n(&load_due, __ATOMIC_RELAXED), false))
        load_sample(now);
}

#endif
