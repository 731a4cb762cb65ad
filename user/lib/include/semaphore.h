/*
 * <semaphore.h>: counting semaphores.
 */
#ifndef USER_SEMAPHORE_H
#define USER_SEMAPHORE_H

#include <abi/time.h>

typedef struct {
    int value, waiters, shared;
} sem_t;

#define SEM_VALUE_MAX 0x7fffffff

int sem_init(sem_t *sem, int shared, unsigned value);
int sem_destroy(sem_t *sem);
int sem_wait(sem_t *sem);
int sem_trywait(sem_t *sem);
int sem_timedwait(sem_t *sem, const struct timespec *until);
int sem_post(sem_t *sem);
int sem_getvalue(sem_t *sem, int *value);

#endif
