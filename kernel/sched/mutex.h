// Sleeping locks. The holder may sleep and may be preempted; never take one with a spinlock
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

// Many readers or one writer. A waiting writer holds back new readers, so do not nest reads.
struct rwmutex {
    uint32_t state;             // atomic: readers and bits: see mutex.c
    struct spinlock lock;       // guards the counts, and the way to the queue
    uint32_t waiting, writers_waiting;
    struct wait_queue queue;
};

void rwmutex_init(struct rwmutex *rw, const char *name);
void rwmutex_read_lock(struct rwmutex *rw);
void rwmutex_read_unlock(struct rwmutex *rw);
void rwmutex_write_lock(struct rwmutex *rw);
void rwmutex_write_unlock(struct rwmutex *rw);

#endif
