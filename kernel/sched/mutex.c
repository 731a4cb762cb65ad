#include <sched/mutex.h>
#include <sched/thread.h>

// The state is the owner's address, with LOAN_WAITED set while somebody may be waiting; so the
// uncontended lock and unlock are one atomic instruction each.

void mutex_init(struct mutex *mutex, const char *name) {
    mutex->loan = (struct loan){ 0 };
    spin_init(&mutex->lock, name);
    wait_queue_init(&mutex->queue, name);
}

bool mutex_trylock(struct mutex *mutex) {
    uintptr_t free = 0;
    return __atomic_compare_exchange_n(&mutex->loan.state, &free, (uintptr_t)thread_current(), false,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

// Takes a free mutex and leaves it marked, or marks a taken one: true if taken.
static bool take_or_mark(struct mutex *mutex) {
    uintptr_t owner = __atomic_load_n(&mutex->loan.state, __ATOMIC_RELAXED), wanted;
    do {
        wanted = (owner & ~LOAN_WAITED ? owner : (uintptr_t)thread_current()) | LOAN_WAITED;
    } while (!__atomic_compare_exchange_n(&mutex->loan.state, &owner, wanted, false,
                                          __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
    return !(owner & ~LOAN_WAITED);
}

// Takes it; or whoever has it is lent what those who wait are worth.
static bool take_or_lend(struct mutex *mutex) {
    bool taken = take_or_mark(mutex);
    if (taken)
        loan_waited(&mutex->loan, thread_priority_waiting(&mutex->queue));
    else
        loan_wait(&mutex->loan);
    return taken;
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
    if (__atomic_compare_exchange_n(&mutex->loan.state, &self, 0, false, __ATOMIC_RELEASE,
                                    __ATOMIC_RELAXED))
        return;
    assert(mutex_holding(mutex));
    spin_lock(&mutex->lock);
    __atomic_store_n(&mutex->loan.state, 0, __ATOMIC_RELEASE);
    loan_take_back(&mutex->loan, 0);
    wake_most_important(&mutex->queue);
    spin_unlock(&mutex->lock);
}

bool mutex_holding(const struct mutex *mutex) {
    return (mutex->loan.state & ~LOAN_WAITED) == (uintptr_t)thread_current();
}
