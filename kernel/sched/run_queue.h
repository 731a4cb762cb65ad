// A hart's run queue: the READY threads that wait for it. The policy decides among them.
//
// `ready` holds them in order of arrival whatever the policy is, so that policies can be exchanged and
// other harts can take work away; a policy that needs another order keeps it in `policy_data`.
#ifndef SCHED_RUN_QUEUE_H
#define SCHED_RUN_QUEUE_H

#include <lib/list.h>
#include <sched/policy.h>
#include <sched/thread.h>
#include <sched/trace.h>
#include <stdint.h>
#include <sync/spinlock.h>

struct run_queue {
    struct spinlock lock;           // guards all of this and the scheduling data of its threads
    const struct sched_policy *policy;
    struct list ready;              // struct thread, by run_node
    uint32_t length;                // of `ready`; read without the lock by harts that look for work
    uint32_t bound;                 // those of them that may not run everywhere; likewise
    uint32_t policy_turn;           // counts changes of policy: whose words are older are zeroed
    struct thread *running;         // by the hart whose queue this is; may be its idle thread
    uint64_t charged_at;            // ticks: up to when `running` has been charged: account.h
    uint64_t now;                   // ... and when the last event was, for policies
    struct sched_ring *trace;       // where switches are recorded, or NULL
    uint64_t policy_data[POLICY_QUEUE_WORDS];
};

// An empty queue under `policy`. The run queue's users are in schedule.c and place.c alone, and
// tests, which may make queues that no hart serves.
void run_queue_init(struct run_queue *queue, const struct sched_policy *policy);

// For all of these the lock is held.

// Puts a READY thread on the queue; queue->now is the time.
void run_queue_put(struct run_queue *queue, struct thread *thread, enum ready_why why);

static inline void run_queue_link(struct run_queue *queue, struct thread *thread) {
    list_push_back(&queue->ready, &thread->run_node);
    queue->length++;
    if (__builtin_expect(thread->affinity != AFFINITY_ALL, false)) {
        thread->counted_bound = true;
        queue->bound++;
    }
}

// The same for the thread that has just run here, and was READY_PREEMPTED or READY_YIELDED.
static inline void run_queue_put_back(struct run_queue *queue, struct thread *thread,
                                      enum ready_why why) {
    thread->ready_since = queue->now;
    run_queue_link(queue, thread);
    if (queue->policy->enqueue)
        queue->policy->enqueue(queue, thread, why);
}

// The same for one that has slept.
static inline void run_queue_put_woken(struct run_queue *queue, struct thread *thread) {
    if (__builtin_expect(thread->policy_joined || thread->policy_turn != queue->policy_turn, false)) {
        run_queue_put(queue, thread, READY_WOKEN);
    } else {
        thread->policy_joined = true;
        run_queue_put_back(queue, thread, READY_WOKEN);
    }
}

// Takes `thread` off.
static inline void run_queue_take(struct run_queue *queue, struct thread *thread) {
    if (queue->policy->dequeue)
        queue->policy->dequeue(queue, thread);
    list_remove(&thread->run_node);
    queue->length--;
    if (__builtin_expect(thread->counted_bound, false)) {
        thread->counted_bound = false;
        queue->bound--;
    }
}

// Takes the thread off that runs next; NULL: there is none.
static inline struct thread *run_queue_next(struct run_queue *queue) {
    if (list_empty(&queue->ready))
        return NULL;
    struct thread *thread = queue->policy->pick(queue);
    run_queue_take(queue, thread);
    return thread;
}

// Takes a thread off that hart number `hart` may run, to put it on that hart's queue; NULL: none.
// First in question is who would run next here.
struct thread *run_queue_give(struct run_queue *queue, uint32_t hart);

// What claim that one has to run, beside those of other queues: its rank, and since when it has waited.
// The least goes first; UINT64_MAX: there is none. And the claim of those that wait for this hart.
uint64_t run_queue_claim(struct run_queue *queue, uint32_t hart);
uint64_t run_queue_own_claim(struct run_queue *queue);

// Is there one that run_queue_give would give?
bool run_queue_has_for(struct run_queue *queue, uint32_t hart);

// The running thread has run up to `now`: tells the policy, which has a tick.
void run_queue_tick(struct run_queue *queue, struct thread *thread, uint64_t now);

// ... and is not this queue's any more.
static inline void run_queue_leave(struct run_queue *queue, struct thread *thread) {
    thread->policy_joined = false;
    if (queue->policy->leave)
        queue->policy->leave(queue, thread);
}

// Goes over to another policy with all threads that are on it, or run.
void run_queue_set_policy(struct run_queue *queue, const struct sched_policy *policy,
                          uint32_t turn);

// What policies go by is about to change, and has changed, for a thread of this queue.
void run_queue_change_begin(struct run_queue *queue, struct thread *thread);
void run_queue_change_end(struct run_queue *queue, struct thread *thread);

#endif
