/*
 * Priority inversion, under the policy of strict priorities: one of high priority waits for a lock that
 * one of low priority has, who does not run while others of middle priority do. FUTEX_LOCK_PI lends the
 * owner what the waiter has, also along a chain of owners who wait themselves.
 */
#include "common/check.h"
#include "common/tell.h"
#include "common/thread.h"

#include <abi/futex.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MOST 32                         /* threads of middle priority */
#define WORK 0.03                       /* seconds of its own time for which the owner has the lock */

struct lock {
    unsigned word;
    bool lends;
};

static struct lock first, second;
static sem_t first_taken, second_taken;
static bool high_done, gave_up;
static double patience, patience_ends;  /* seconds for which those of middle priority run at most */

static double seconds(clockid_t clock) {
    struct timespec time;

    clock_gettime(clock, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void be_nice(int nice) {
    if (setpriority(PRIO_PROCESS, gettid(), nice) != 0)
        printf("FAIL setpriority\n");
}

/* A lock that does not lend is one word: taken, or not. */
static void lock_take(struct lock *lock) {
    unsigned unlocked = 0;

    if (lock->lends) {
        if (!__atomic_compare_exchange_n(&lock->word, &unlocked, gettid(), false, __ATOMIC_ACQUIRE,
                                         __ATOMIC_RELAXED))
            syscall(SYS_futex, &lock->word, FUTEX_LOCK_PI, 0l, NULL);
        return;
    }
    while (__atomic_exchange_n(&lock->word, 1, __ATOMIC_ACQUIRE))
        syscall(SYS_futex, &lock->word, FUTEX_WAIT, 1l, NULL);
}

static void lock_release(struct lock *lock) {
    if (lock->lends) {
        syscall(SYS_futex, &lock->word, FUTEX_UNLOCK_PI);
        return;
    }
    __atomic_store_n(&lock->word, 0, __ATOMIC_RELEASE);
    syscall(SYS_futex, &lock->word, FUTEX_WAKE, 1l);
}

static void *low(void *arg) {
    double end;

    lock_take(&first);
    be_nice(15);
    end = seconds(CLOCK_THREAD_CPUTIME_ID) + WORK;
    sem_post(&first_taken);
    while (seconds(CLOCK_THREAD_CPUTIME_ID) < end)
        ;
    lock_release(&first);
    return arg;
}

/* Has a lock of its own, and waits for the first. */
static void *between(void *arg) {
    be_nice(10);
    lock_take(&second);
    sem_post(&second_taken);
    lock_take(&first);
    lock_release(&first);
    lock_release(&second);
    return arg;
}

static void *middle(void *arg) {
    be_nice(5);
    while (!__atomic_load_n(&high_done, __ATOMIC_ACQUIRE) && !gave_up)
        if (seconds(CLOCK_MONOTONIC) >= *(volatile double *)&patience_ends)
            gave_up = true;
    return arg;
}

static void *high(void *lock) {
    be_nice(-10);
    patience_ends = seconds(CLOCK_MONOTONIC) + patience;
    lock_take(lock);
    __atomic_store_n(&high_done, true, __ATOMIC_RELEASE);
    lock_release(lock);
    return NULL;
}

/* Did the one of high priority get the lock before those of middle priority had lost patience? */
static bool in_time(bool lends, bool chain) {
    int count = 4 * sysconf(_SC_NPROCESSORS_ONLN), n = 0;
    pthread_t threads[MOST + 3];

    high_done = gave_up = false;
    patience_ends = 1e9;
    first = second = (struct lock){ .lends = lends };
    sem_init(&first_taken, 0, 0);
    sem_init(&second_taken, 0, 0);
    threads[n++] = started(low, NULL);
    sem_wait(&first_taken);
    if (chain) {
        threads[n++] = started(between, NULL);
        sem_wait(&second_taken);
        usleep(2000);
    }
    for (int i = 0; i < count && i < MOST; i++)
        threads[n++] = started(middle, NULL);
    threads[n++] = started(high, chain ? &second : &first);
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    return !gave_up;
}

int main(void) {
    bool one_hart = sysconf(_SC_NPROCESSORS_ONLN) == 1;

    patience = one_hart ? 1 : 10;
    CHECK("strict priorities", sched_tell("priority"));
    be_nice(-15);
    if (one_hart)                       /* else there may be one for the owner */
        CHECK("a lock that does not lend is inverted", !in_time(false, false));
    CHECK("a lock that lends is not", in_time(true, false));
    CHECK("nor is a chain of them", in_time(true, true));
    CHECK("round robin", sched_tell("rr"));
    CHECK("where nobody starves", in_time(false, false));
    return check_done();
}
