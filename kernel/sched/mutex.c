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

// The state says who has the lock, and whether anybody is in the queue: so who comes to a lock
// that is free for him, or leaves one that nobody waits for, needs one atomic instruction. Why no
// wake-up is lost: a waiter sets WAITING before it looks at the state, under rw->lock; the one who
// leaves changes the same word, so either the waiter sees the change, or he sees WAITING and wakes
// the queue under rw->lock.
#define WRITER  1u
#define WAITING 2u
#define READER  4u              // one of them

void rwmutex_init(struct rwmutex *rw, const char *name) {
    *rw = (struct rwmutex){ .lock = SPINLOCK_INIT(name) };
    wait_queue_init(&rw->queue, name);
}

// Adds `what` while none of `unless` is set: true if it did.
static inline bool state_add(struct rwmutex *rw, uint32_t what, uint32_t unless) {
    uint32_t state = __atomic_load_n(&rw->state, __ATOMIC_RELAXED);
    while (!(state & unless))
        if (__atomic_compare_exchange_n(&rw->state, &state, state + what, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return true;
    return false;
}

static void wait_begin(struct rwmutex *rw) {
    spin_lock(&rw->lock);
    rw->waiting++;
    __atomic_fetch_or(&rw->state, WAITING, __ATOMIC_SEQ_CST);
}

static void wait_end(struct rwmutex *rw) {
    if (--rw->waiting == 0)
        __atomic_fetch_and(&rw->state, ~WAITING, __ATOMIC_RELAXED);
    spin_unlock(&rw->lock);
}

static void wake_waiters(struct rwmutex *rw) {
    spin_lock(&rw->lock);
    wake_all(&rw->queue);
    spin_unlock(&rw->lock);
}

// A writer that waits comes before readers that come later.
static __attribute__((noinline)) void read_lock_slowly(struct rwmutex *rw) {
    wait_begin(rw);
    wait_event(&rw->queue, !rw->writers_waiting && state_add(rw, READER, WRITER), &rw->lock);
    wait_end(rw);
}

void rwmutex_read_lock(struct rwmutex *rw) {
    if (!state_add(rw, READER, WRITER | WAITING))
        read_lock_slowly(rw);
}

void rwmutex_read_unlock(struct rwmutex *rw) {
    uint32_t before = __atomic_fetch_sub(&rw->state, READER, __ATOMIC_RELEASE);
    assert(before >= READER);
    if ((before & WAITING) && before < 2 * READER)
        wake_waiters(rw);
}

void rwmutex_write_lock(struct rwmutex *rw) {
    if (state_add(rw, WRITER, ~0u))
        return;
    wait_begin(rw);
    rw->writers_waiting++;
    wait_event(&rw->queue, state_add(rw, WRITER, ~WAITING), &rw->lock);
    rw->writers_waiting--;
    wait_end(rw);
}

void rwmutex_write_unlock(struct rwmutex *rw) {
    uint32_t before = __atomic_fetch_and(&rw->state, ~WRITER, __ATOMIC_RELEASE);
    assert(before & WRITER);
    if (before & WAITING)
        wake_waiters(rw);
}
