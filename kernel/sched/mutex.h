// A sleeping lock. The holder may sleep and may be preempted; never take one with a spinlock
// held or in an interrupt handler.
#ifndef SCHED_MUTEX_H
#define SCHED_MUTEX_H

#include <sched/wait.h>

struct mutex {
    uintptr_t owner;            // struct thread *, 0 when free; bit 0: somebody waits
    struct spinlock lock;       // guards the way from marking to joining the queue
    struct wait_queue queue;
    struct list lent_node;      // on the owner's list of mutexes through which it is lent ...
    int lent;                   // ... this priority; 0: it is on none. See inherit.c
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

// For inherit.c. The owner if somebody waits, who then does not let go of it while the priorities are
// locked; else NULL.
struct thread *mutex_owner(const struct mutex *mutex);

// From mutex.c to inherit.c: lends `owner` (NULL: nobody) `priority` through `mutex`, and what it waits
// for in turn; takes back from the calling thread, which lets go, what it was lent.
void mutex_lend(struct mutex *mutex, struct thread *owner, int priority);
void mutex_take_back(struct mutex *mutex);

#endif
