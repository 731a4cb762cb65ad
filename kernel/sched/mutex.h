// A sleeping lock. The holder may sleep and may be preempted; never take one with a spinlock
// held or in an interrupt handler.
#ifndef SCHED_MUTEX_H
#define SCHED_MUTEX_H

#include <sched/inherit.h>
#include <sched/wait.h>

struct mutex {
    struct loan loan;           // its state: the owner, 0 when free
    struct spinlock lock;       // guards the way from marking to joining the queue
    struct wait_queue queue;
};

#define MUTEX_INIT(mutex, what) \
    { .lock = SPINLOCK_INIT(what), .queue = WAIT_QUEUE_INIT((mutex).queue, what) }

// A mutex lends its owner the priority of those who wait for it, who may wait for others in turn; of
// those who wait the most important is woken.
void mutex_init(struct mutex *mutex, const char *name);
void mutex_lock(struct mutex *mutex);       // may sleep, uninterruptible
bool mutex_trylock(struct mutex *mutex);    // never sleeps
void mutex_unlock(struct mutex *mutex);     // by the owner only
bool mutex_holding(const struct mutex *mutex);

#endif
