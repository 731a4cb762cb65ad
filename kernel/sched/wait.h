// Sleep with a reason: a thread waits on a queue for a condition, which a lock guards.
//
//     spin_lock(&pipe->lock);
//     error = wait_event_interruptible(&pipe->readers, pipe->used > 0 || !pipe->writers,
//                                      &pipe->lock);
//     ...                     // the lock is held again, whatever the result
//
// The argument for why no wake-up is lost: the waiter joins the queue before it lets go of
// the lock, and whoever makes the condition true does so under that lock and then wakes the
// queue. So either the waiter saw the new condition, or the waker sees the waiter.
//
// A queue has a guard, a spinlock: who joins, leaves or wakes holds it, and takes it unless he does. It
// is the queue's own, or the condition's lock itself, where who wakes holds that anyway and nobody
// wakes under a lock that is taken after it; then a wait and a wake-up need no other lock. That the
// guard is held while a waiter is woken is what keeps the waiter, which lies on a stack: who slept
// takes the guard, or finds itself off the queue and the guard free, before it goes on. And since the
// waiter holds the condition's lock from its last look at the condition until others may see it
// WAITING (schedule_without), a waker that holds this lock finds it asleep, not on its way there.
#ifndef SCHED_WAIT_H
#define SCHED_WAIT_H

#include <debug/panic.h>
#include <lib/list.h>
#include <stdint.h>
#include <sync/spinlock.h>

struct thread;

struct wait_queue {
    struct spinlock *guard;     // of `waiters`: `own`, or the condition's lock
    struct list waiters;        // struct waiter, in order of arrival
    const char *name;           // what its threads wait for, shown by ps
    struct spinlock own;
};

// One thread's place in one queue. Lives on the stack of the thread that waits; a thread
// that waits for several things (poll) has several.
struct waiter {
    struct list node;           // on queue->waiters; alone once woken
    struct thread *thread;
    struct wait_queue *queue;
    uint32_t *fired;                // of one that only watches: set by every wake-up. NULL: it waits
};

enum wait_mode {
    WAIT_AT_REST,               // as the next, for who has nothing to do: no load, no disk to blame
    WAIT_UNINTERRUPTIBLE,       // only the condition (or the deadline) ends it
    WAIT_KILLABLE,              // ... or a fatal signal
    WAIT_INTERRUPTIBLE,         // ... or any signal that is not ignored
};

// When a wait ends at the latest: a tick of time_read(), a time of the world's clock, even if it is set
// meanwhile, or never.
#define DEADLINE_NONE UINT64_MAX
#define DEADLINE_REALTIME (1ul << 63)

static inline uint64_t deadline_realtime(uint64_t ns) { return ns | DEADLINE_REALTIME; }

#define WAIT_QUEUE_INIT(queue, what) WAIT_QUEUE_INIT_GUARDED(queue, what, &(queue).own)
#define WAIT_QUEUE_INIT_GUARDED(queue, what, lock)                                   \
    { .guard = lock, .waiters = LIST_INIT((queue).waiters), .name = what,            \
      .own = SPINLOCK_INIT("wait queue") }

void wait_queue_init(struct wait_queue *queue, const char *name);

// A queue whose guard is the condition's lock.
void wait_queue_init_guarded(struct wait_queue *queue, const char *name, struct spinlock *lock);

// Wakes the first waiter, or all; those that watch are woken besides, for they may take nothing.
// Callable from interrupts and with spinlocks held. Wake after making the condition true, while
// (or after) holding the condition's lock. Returns how many that waited were woken.
//
// The common case: nobody waits. A waiter that joins now sees the condition, which the caller made
// true before under the condition's lock.
int wake_some(struct wait_queue *queue, int limit);
static inline bool wait_queue_empty(const struct wait_queue *queue) {
    return __atomic_load_n(&queue->waiters.next, __ATOMIC_ACQUIRE) == &queue->waiters;
}
static inline int wake_one(struct wait_queue *queue) {
    return wait_queue_empty(queue) ? 0 : wake_some(queue, 1);
}
static inline int wake_all(struct wait_queue *queue) {
    return wait_queue_empty(queue) ? 0 : wake_some(queue, INT32_MAX);
}

// As wake_one, for who has the guard and sees that somebody is on the queue.
int wake_front(struct wait_queue *queue);

// As wake_one, but of those that wait the one with the highest thread_priority; the first of equals.
int wake_most_important(struct wait_queue *queue);

// Waiting on several queues (poll): clear *fired, join each queue with `fired`, look at the
// conditions, and if none holds wait_fired. A waiter that has fired is no longer on its queue.
void waiter_add(struct waiter *waiter, struct wait_queue *queue, uint32_t *fired);
void waiter_remove(struct waiter *waiter);
static inline bool waiter_fired(const struct waiter *waiter) {
    return __atomic_load_n(&waiter->node.next, __ATOMIC_RELAXED) == &waiter->node;
}

// Sleeps until *fired, a signal or the deadline (at once if that has passed): 0, -EINTR, -ETIMEDOUT.
// `name` is what ps shows.
int must_check wait_fired(const uint32_t *fired, const char *name, uint64_t deadline);

// Sleeps once: joins `queue`, releases `lock`, sleeps, takes `lock` again. `lock` may be NULL
// only where nobody but a signal or the deadline ends the wait: without it a wake-up that comes
// before the waiter has joined would be lost.
// Returns 0 after a wake-up (or for no reason), -EINTR, or -ETIMEDOUT.
int must_check wait_once(struct wait_queue *queue, struct spinlock *lock, enum wait_mode mode,
                         uint64_t deadline);

// Sleeps until `condition` holds. `lock` (a struct spinlock *) is held when the condition is
// evaluated and when this returns.
// Result: 0 when the condition holds, else -EINTR or -ETIMEDOUT. May sleep; call with no
// other spinlock held. `condition` is evaluated several times.
#define wait_event_deadline(queue, condition, spinlock, mode, deadline)              \
    ({                                                                               \
        int wait_error = 0;                                                          \
        while (!(condition)) {                                                       \
            wait_error = wait_once(queue, spinlock, mode, deadline);                 \
            if (wait_error) {                                                        \
                if (condition)                                                       \
                    wait_error = 0;                                                  \
                break;                                                               \
            }                                                                        \
        }                                                                            \
        wait_error;                                                                  \
    })

#define wait_event(queue, condition, lock)                                           \
    ((void)wait_event_deadline(queue, condition, lock, WAIT_UNINTERRUPTIBLE, DEADLINE_NONE))
#define wait_event_killable(queue, condition, lock)                                  \
    wait_event_deadline(queue, condition, lock, WAIT_KILLABLE, DEADLINE_NONE)
#define wait_event_interruptible(queue, condition, lock)                             \
    wait_event_deadline(queue, condition, lock, WAIT_INTERRUPTIBLE, DEADLINE_NONE)

#endif
