#include <sched/mutex.h>
#include <sched/thread.h>

// mutex->owner is the owner's address, with bit 0 set while somebody may be waiting; so the
// uncontended lock and unlock are one atomic instruction each.
#define CONTENDED 1ul

void mutex_init(struct mutex *mutex, const char *name) {
    mutex->owner = 0;
    mutex->lent = 0;
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

// Takes it; or whoever has it is lent what those who wait are worth.
static bool take_or_lend(struct mutex *mutex) {
    struct thread *self = thread_current();
    if (take_or_mark(mutex)) {
        __atomic_store_n(&self->mutex_wanted, NULL, __ATOMIC_RELAXED);
        mutex_lend(mutex, self, thread_priority_waiting(&mutex->queue));
        return true;
    }
    // Pairs with the fence in thread_lend_priority: what the caller is lent from here on goes further.
    __atomic_store_n(&self->mutex_wanted, mutex, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    mutex_lend(mutex, mutex_owner(mutex), thread_priority(self));
    return false;
}

struct thread *mutex_owner(const struct mutex *mutex) {
    uintptr_t owner = __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED);
    return owner & CONTENDED ? (struct thread *)(owner & ~CONTENDED) : NULL;
}

void mutex_lock(struct mutex *mutex) {
    assert(!mutex_holding(mutex));
    if (mutex_trylock(mutex))
        return;
    // One who has waited cannot know whether others still do: it keeps the mark.
    spin_lock(&mutex->lock);
    wait_event(&mutex->queue, take_or_lend(mutex), &mutex->lock);
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
    mutex_take_back(mutex);
    wake_most_important(&mutex->queue);
    spin_unlock(&mutex->lock);
}

bool mutex_holding(const struct mutex *mutex) {
    return (mutex->owner & ~CONTENDED) == (uintptr_t)thread_current();
}
