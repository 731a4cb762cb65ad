/*
 * Conditions and barriers.
 *
 * A condition is a number that each signal changes. Who waits reads it while holding the mutex, and
 * sleeps only while it is the same: so a signal sent under that mutex is not missed.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>

#include "lock.h"

int pthread_condattr_init(pthread_condattr_t *attr) {
    attr->shared = 0;
    return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr) {
    (void)attr;
    return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *attr, int shared) {
    attr->shared = shared;
    return 0;
}

int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr) {
    *cond = (pthread_cond_t){ .shared = attr != NULL && attr->shared };
    return 0;
}

int pthread_cond_destroy(pthread_cond_t *cond) {
    return cond->waiters > 0 ? EBUSY : 0;
}

int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                           const struct timespec *until) {
    int sequence = __atomic_load_n(&cond->sequence, __ATOMIC_RELAXED);
    int error, failed;

    __atomic_fetch_add(&cond->waiters, 1, __ATOMIC_SEQ_CST);
    failed = pthread_mutex_unlock(mutex);
    error = failed != 0 ? failed : word_wait(&cond->sequence, sequence, cond->shared, until);
    __atomic_fetch_sub(&cond->waiters, 1, __ATOMIC_SEQ_CST);
    if (failed == 0)
        pthread_mutex_lock(mutex);
    return error == EAGAIN || error == EINTR ? 0 : error;
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex) {
    return pthread_cond_timedwait(cond, mutex, NULL);
}

static int wake(pthread_cond_t *cond, int n) {
    if (__atomic_load_n(&cond->waiters, __ATOMIC_SEQ_CST) > 0) {
        __atomic_fetch_add(&cond->sequence, 1, __ATOMIC_SEQ_CST);
        word_wake(&cond->sequence, n, cond->shared);
    }
    return 0;
}

int pthread_cond_signal(pthread_cond_t *cond) {
    return wake(cond, 1);
}

int pthread_cond_broadcast(pthread_cond_t *cond) {
    return wake(cond, INT32_MAX);
}

int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attr,
                         unsigned count) {
    if (count == 0)
        return EINVAL;
    *barrier = (pthread_barrier_t){ .count = count, .shared = attr != NULL && attr->shared };
    return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *barrier) {
    (void)barrier;
    return 0;
}

/* The last to arrive opens it, by beginning the next round. */
int pthread_barrier_wait(pthread_barrier_t *barrier) {
    int round = __atomic_load_n(&barrier->generation, __ATOMIC_ACQUIRE);

    if (__atomic_add_fetch(&barrier->arrived, 1, __ATOMIC_ACQ_REL) == barrier->count) {
        bool shared = barrier->shared;

        __atomic_store_n(&barrier->arrived, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&barrier->generation, round + 1, __ATOMIC_RELEASE);
        word_wake(&barrier->generation, INT32_MAX, shared);
        return PTHREAD_BARRIER_SERIAL_THREAD;
    }
    while (__atomic_load_n(&barrier->generation, __ATOMIC_ACQUIRE) == round)
        word_wait(&barrier->generation, round, barrier->shared, NULL);
    return 0;
}
