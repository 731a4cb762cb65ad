// A sleeping lock. The holder may sleep and may be preempted; never take one with a spinlock
// held or in an interrupt handler.
#ifndef SCHED_MUTEX_H
#define SCHED_MUTEX_H

#include <sched/wait.h>

struct mutex {
    uintptr_t owner;            // struct thread *, 0 when free; bit 0: somebody waits
    struct spinlock lock;       // guards the way from marking to joining the queue
    struct wait_queue queue;
};

#define MUTEX_INIT(mutex, what) \
    { .lock = SPINLOCK_INIT(what), .queue = WAIT_QUEUE_INIT((mutex).queue, what) }

void mutex_init(struct mutex *mutex, const char *name);
void mutex_lock(struct mutex *mutex);       // may sleep, uninterruptible
bool mutex_trylock(struct mutex *mutex);    // never sleeps
void mutex_unlock(struct mutex *mutex);     // by the owner only
bool mutex_holding(const struct mutex *mutex);

#endif
