// A scheduling policy: the order in which the READY threads of a run queue get its hart.
//
// A policy is one file that fills a struct sched_policy, and one line in policies.h. What it must say
// is pick(); everything else has a default. What course books call the events of a thread's life
// arrives here as:
//
//     fork              enqueue, READY_NEW
//     wake-up           enqueue, READY_WOKEN          block, exit      leave
//     preemption        tick, enqueue READY_PREEMPTED
//     yield             tick, enqueue READY_YIELDED
//     dispatch          pick, dequeue
//     move              dequeue, leave on one queue; enqueue, READY_MOVED on the other
//
// queue->now is the time of the event; times are in ticks of the `time` counter. Every function is called with the queue's lock held and interrupts off: it may not sleep, allocate
// or take locks. What it costs must not grow with the number of threads (a logarithm is allowed).
#ifndef SCHED_POLICY_H
#define SCHED_POLICY_H

#include <debug/panic.h>
#include <lib/list.h>
#include <stdbool.h>
#include <stdint.h>

struct run_queue;
struct thread;

// Why a thread has become READY.
enum ready_why {
    READY_NEW,              // its first time, or its first under this policy
    READY_WOKEN,            // it has slept
    READY_MOVED,            // it comes from another hart's queue
    READY_PREEMPTED,        // it ran here and would have gone on
    READY_YIELDED,          // it ran here and lets others go first
    READY_CHANGED,          // it was here: how nice or important it is has changed
};

struct sched_policy {
    const char *name;       // as in sched=NAME
    bool strict;            // while a more important thread can run, those that are less so do not

    // The policy takes over: `queue`'s words are zero, its threads come through enqueue. NULL: zero is
    // right.
    void (*begin)(struct run_queue *queue);

    // Who runs next: one of queue->ready, which is not empty. It stays on the queue.
    struct thread *(*pick)(struct run_queue *queue);

    // `thread` has joined queue->ready (at its end); it is about to be taken from there, or its place
    // in the policy's order is to be given up because what the order goes by changes.
    // NULL: the order of arrival is all that the policy needs.
    void (*enqueue)(struct run_queue *queue, struct thread *thread, enum ready_why why);
    void (*dequeue)(struct run_queue *queue, struct thread *thread);

    // The running thread has run for `ran` ticks more. NULL: who cares?
    void (*tick)(struct run_queue *queue, struct thread *thread, uint64_t ran);

    // `thread`, no longer on queue->ready, is not this queue's any more: it sleeps, exits or moves.
    void (*leave)(struct run_queue *queue, struct thread *thread);

    // How far back it stands, beside threads of other harts: 0 to 255, the least goes first, and of equals
    // who has waited longest. NULL: all are equal.
    uint64_t (*rank)(struct run_queue *queue, struct thread *thread);

    // How long it may run while others wait, in ticks. NULL: sched_quantum.
    uint64_t (*quantum)(struct run_queue *queue, struct thread *thread);

    // Has `ready`, which has just become READY, to run at once in `running`'s place? NULL: never.
    bool (*preempts)(struct run_queue *queue, struct thread *ready, struct thread *running);
};

// A policy's own numbers about a thread and about a queue lie in these words, as a struct of the
// policy's. They are zero when the policy takes over; policy_thread and policy_queue give them a type.
#define POLICY_THREAD_WORDS 8
#define POLICY_QUEUE_WORDS  24

#define policy_thread(type, thread)                                                      \
    ({ _Static_assert(sizeof(type) <= sizeof (thread)->policy_data, "words of a thread"); \
       (type *)(void *)(thread)->policy_data; })
#define policy_queue(type, queue)                                                        \
    ({ _Static_assert(sizeof(type) <= sizeof (queue)->policy_data, "words of a queue");   \
       (type *)(void *)(queue)->policy_data; })

// The thread that a struct of the policy's belongs to.
#define policy_thread_of(data) container_of((uint64_t (*)[POLICY_THREAD_WORDS])(void *)(data), \
                                            struct thread, policy_data)

const struct sched_policy *sched_policy(void);                      // in force
const struct sched_policy *sched_policy_at(unsigned index);         // NULL behind the last

// Makes every hart go by the policy of that name; threads keep what they are. At any time once the
// harts are prepared; may sleep. 0 or -EINVAL.
int must_check sched_policy_choose(const char *name);

// How much of the processor a thread of this niceness gets beside one of niceness 0, which has
// WEIGHT_NORMAL: a quarter more for each step down.
#define WEIGHT_NORMAL 1024u
uint32_t nice_weight(int nice);

#endif
