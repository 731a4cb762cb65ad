#include <sched/mutex.h>
#include <sched/thread.h>

// mutex->owner is the owner's address, with bit 0 set while somebody may be waiting; so the
// uncontended lock and unlock are one atomic instruction each.
#define CONTENDED 1ul

void mutex_init(struct mutex *mutex, const char *name) {
    mutex->owner = 0;
    spin_init(&mutex->lock, name);
    wait_queue_init(&mutex->queue, name);
}

bool mutex_trylock(struct mutex *mutex) {
    uintptr_t free = 0;
    return __atomic_compare_exchange_n(&mutex->owner, &free, (uintptr_t)thread_current(), false,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

// Takes a free mutex and leaves it marked, or marks a taken one: true if taken.
static bool take_or_mark(struct mutex *mutex) {
    uintptr_t owner = __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED), wanted;
    do {
        wanted = (owner & ~CONTENDED ? owner : (uintptr_t)thread_current()) | CONTENDED;
    } while (!__atomic_compare_exchange_n(&mutex->owner, &owner, wanted, false,
                                          __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
    return !(owner & ~CONTENDED);
}

void mutex_lock(struct mutex *mutex) {
    assert(!mutex_holding(mutex));
    if (mutex_trylock(mutex))
        return;
    // One who has waited cannot know whether others still do: it keeps the mark.
    spin_lock(&mutex->lock);
    wait_event(&mutex->queue, take_or_mark(mutex), &mutex->lock);
    spin_unlock(&mutex->lock);
}

void mutex_unlock(struct mutex *mutex) {
    uintptr_t self = (uintptr_t)thread_current();
    if (__atomic_compare_exchange_n(&mutex->owner, &self, 0, false, __ATOMIC_RELEASE,
                                    __ATOMIC_RELAXED))
        return;
    assert(mutex_holding(mutex));
    spin_lock(&mutex->lock);
    __atomic_store_n(&mutex->owner, 0, __ATOMIC_RELEASE);
    wake_one(&mutex->queue);
    spin_unlock(&mutex->lock);
}

bool mutex_holding(const struct mutex *mutex) {
    return (mutex->owner & ~CONTENDED) == (uintptr_t)thread_current();
}
