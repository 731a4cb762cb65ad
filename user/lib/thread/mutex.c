/*
 * Mutexes.
 */
#include <errno.h>
#include <pthread.h>

#include "lock.h"

int pthread_mutexattr_init(pthread_mutexattr_t *attr) {
    *attr = (pthread_mutexattr_t){ 0 };
    return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr) {
    (void)attr;
    return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type) {
    if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK)
        return EINVAL;
    attr->type = type;
    return 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int shared) {
    attr->shared = shared;
    return 0;
}

int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr) {
    *mutex = (pthread_mutex_t){ 0 };
    if (attr != NULL) {
        mutex->type = attr->type;
        mutex->shared = attr->shared;
    }
    return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex) {
    return mutex->word != 0 ? EBUSY : 0;
}

/* Only the owner itself can find itself there. */
static bool is_mine(pthread_mutex_t *mutex) {
    return mutex->type != PTHREAD_MUTEX_NORMAL &&
           __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED) == pthread_self();
}

static int taken(pthread_mutex_t *mutex) {
    if (mutex->type != PTHREAD_MUTEX_NORMAL)
        __atomic_store_n(&mutex->owner, pthread_self(), __ATOMIC_RELAXED);
    return 0;
}

/* The owner asks again. */
static int once_more(pthread_mutex_t *mutex, int error) {
    if (mutex->type != PTHREAD_MUTEX_RECURSIVE)
        return error;
    mutex->depth++;
    return 0;
}

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until) {
    int error = 0;

    if (is_mine(mutex))
        return once_more(mutex, EDEADLK);
    if (!word_trylock(&mutex->word))
        error = word_lock_slow(&mutex->word, mutex->shared, until);
    return error != 0 ? error : taken(mutex);
}

int pthread_mutex_lock(pthread_mutex_t *mutex) {
    return pthread_mutex_timedlock(mutex, NULL);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex) {
    if (is_mine(mutex))
        return once_more(mutex, EBUSY);
    return word_trylock(&mutex->word) ? taken(mutex) : EBUSY;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    if (mutex->type != PTHREAD_MUTEX_NORMAL) {
        if (!is_mine(mutex))
            return EPERM;
        if (mutex->depth > 0) {
            mutex->depth--;
            return 0;
        }
        __atomic_store_n(&mutex->owner, NULL, __ATOMIC_RELAXED);
    }
    word_unlock(&mutex->word, mutex->shared);
    return 0;
}

/* 0: not yet, 1: being done, 2: done. */
int pthread_once(pthread_once_t *once, void (*call)(void)) {
    int state = 0;

    if (__atomic_compare_exchange_n(once, &state, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
        call();
        __atomic_store_n(once, 2, __ATOMIC_RELEASE);
        word_wake(once, INT32_MAX, false);
    }
    while (__atomic_load_n(once, __ATOMIC_ACQUIRE) == 1)
        word_wait(once, 1, false, NULL);
    return 0;
}
