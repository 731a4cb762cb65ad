/*
 * Semaphores. These set errno, as they are older than threads.
 */
#include <errno.h>
#include <semaphore.h>

#include "lock.h"

static int fail(int error) {
    errno = error;
    return -1;
}

int sem_init(sem_t *sem, int shared, unsigned value) {
    if (value > SEM_VALUE_MAX)
        return fail(EINVAL);
    *sem = (sem_t){ .value = value, .shared = shared };
    return 0;
}

int sem_destroy(sem_t *sem) {
    (void)sem;
    return 0;
}

int sem_trywait(sem_t *sem) {
    int value = __atomic_load_n(&sem->value, __ATOMIC_RELAXED);

    while (value > 0)
        if (__atomic_compare_exchange_n(&sem->value, &value, value - 1, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return 0;
    return fail(EAGAIN);
}

int sem_timedwait(sem_t *sem, const struct timespec *until) {
    int saved = errno;

    while (sem_trywait(sem) < 0) {
        int error;

        __atomic_fetch_add(&sem->waiters, 1, __ATOMIC_SEQ_CST);
        error = word_wait(&sem->value, 0, sem->shared, until);
        __atomic_fetch_sub(&sem->waiters, 1, __ATOMIC_SEQ_CST);
        if (error != 0 && error != EAGAIN)
            return fail(error);
    }
    errno = saved;
    return 0;
}

int sem_wait(sem_t *sem) {
    return sem_timedwait(sem, NULL);
}

int sem_post(sem_t *sem) {
    bool shared = sem->shared;

    if (__atomic_load_n(&sem->value, __ATOMIC_RELAXED) == SEM_VALUE_MAX)
        return fail(EOVERFLOW);
    __atomic_fetch_add(&sem->value, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&sem->waiters, __ATOMIC_SEQ_CST) > 0)
        word_wake(&sem->value, 1, shared);
    return 0;
}

int sem_getvalue(sem_t *sem, int *value) {
    *value = __atomic_load_n(&sem->value, __ATOMIC_RELAXED);
    return 0;
}
