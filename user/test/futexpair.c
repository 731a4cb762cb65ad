/*
 * Futex operations on two words: FUTEX_WAKE_OP with all that it can do and compare, requeueing, and what
 * there is not.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/thread.h"

#include <abi/futex.h>
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static unsigned first, second, third;

static long futex(void *word, int operation, long value, long value2, void *word2, unsigned value3) {
    long result = syscall(SYS_futex, word, operation, value, value2, word2, (long)value3);

    return result < 0 ? -errno : result;
}

/* --- changing and comparing, with nobody who waits */

static const struct { unsigned operation, argument, old, fresh; } changes[] = {
    { FUTEX_OP_SET, 7, 100, 7 },          { FUTEX_OP_ADD, 7, 100, 107 },
    { FUTEX_OP_ADD, 0xfff, 100, 99 },     { FUTEX_OP_OR, 3, 100, 103 },
    { FUTEX_OP_ANDN, 4, 100, 96 },        { FUTEX_OP_XOR, 5, 100, 97 },
    { FUTEX_OP_SET | FUTEX_OP_OPARG_SHIFT, 5, 100, 32 },
    { FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT, 31, 1, 0x80000001 },
    { FUTEX_OP_ANDN | FUTEX_OP_OPARG_SHIFT, 2, 100, 96 },
};

static bool changes_right(void) {
    bool all = true;

    for (unsigned i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        second = changes[i].old;
        all = futex(&first, FUTEX_WAKE_OP, 1, 1, &second,
                    FUTEX_OP(changes[i].operation, changes[i].argument, FUTEX_OP_CMP_EQ, 0)) == 0 &&
              second == changes[i].fresh && all;
    }
    return all;
}

/* --- those who wait for either word */

static void *wait_first(void *arg) { return (void *)(futex(&first, FUTEX_WAIT, 0, 0, NULL, 0) + (long)arg); }

static void *wait_second(void *value) {
    return (void *)futex(&second, FUTEX_WAIT, (long)value, 0, NULL, 0);
}

static const struct { unsigned compare, argument, old; bool holds; } comparisons[] = {
    { FUTEX_OP_CMP_EQ, 5, 5, true },     { FUTEX_OP_CMP_EQ, 5, 6, false },
    { FUTEX_OP_CMP_NE, 5, 6, true },     { FUTEX_OP_CMP_NE, 5, 5, false },
    { FUTEX_OP_CMP_LT, 5, 4, true },     { FUTEX_OP_CMP_LT, 5, 5, false },
    { FUTEX_OP_CMP_LE, 5, 5, true },     { FUTEX_OP_CMP_LE, 5, 6, false },
    { FUTEX_OP_CMP_GT, 5, 6, true },     { FUTEX_OP_CMP_GT, 5, 5, false },
    { FUTEX_OP_CMP_GE, 5, 5, true },     { FUTEX_OP_CMP_GE, 5, 4, false },
    { FUTEX_OP_CMP_LT, 5, 0xfffffffe, true },   /* -2 */
    { FUTEX_OP_CMP_GT, 0xfff, 0, true },        /* -1 */
};

/* Repeats an operation that wakes until all have been woken: how many times; -1 if they never are. */
static int wake_all_of(int waiting, unsigned operation, unsigned *on) {
    for (int i = 0, woken = 0; i < 5000; i++) {
        unsigned keep = second;
        long now = futex(&first, FUTEX_WAKE_OP, waiting, waiting, on, operation);

        second = keep;
        if (now < 0)
            return -1;
        woken += (int)now;
        if (woken == waiting)
            return i;
        usleep(1000);
    }
    return -1;
}

static bool comparison_right(unsigned i) {
    unsigned operation = FUTEX_OP(FUTEX_OP_ADD, 0, comparisons[i].compare, comparisons[i].argument);
    pthread_t one, other;
    void *results[2];
    bool right;

    first = 0;
    second = comparisons[i].old;
    one = started(wait_first, NULL);
    other = started(wait_second, (void *)(long)comparisons[i].old);
    right = wake_all_of(comparisons[i].holds ? 2 : 1, operation, &second) >= 0;
    if (!comparisons[i].holds) {            /* and never the other */
        usleep(3000);
        right = futex(&first, FUTEX_WAKE_OP, 9, 9, &second, operation) == 0 && right;
        for (int n = 0; n < 3000 && futex(&second, FUTEX_WAKE, 1, 0, NULL, 0) != 1; n++)
            usleep(1000);
    }
    pthread_join(one, &results[0]);
    pthread_join(other, &results[1]);
    if (!right)
        printf("comparison %u\n", i);
    return right && !results[0] && !results[1];
}

static void test_wake_op(void) {
    bool all = true;

    CHECK("the word is changed as asked", changes_right());
    for (unsigned i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++)
        all = comparison_right(i) && all;
    CHECK("the second word's wake if its old value compares", all);
    CHECK("no such operation", futex(&first, FUTEX_WAKE_OP, 1, 1, &second, 5u << 28) == -ENOSYS &&
                                   futex(&first, FUTEX_WAKE_OP, 1, 1, &second, 6u << 24) == -ENOSYS);
    CHECK("not aligned", futex(&first, FUTEX_WAKE_OP, 1, 1, (char *)&second + 2, 0) == -EINVAL);
}

/* --- requeueing */

static void test_requeue(void) {
    pthread_t threads[THREADS];
    long touched = 0;

    first = second = third = 0;
    for (int i = 0; i < THREADS; i++)
        threads[i] = started(wait_first, NULL);
    for (int i = 0; i < 5000 && touched < THREADS; i++, usleep(1000))
        touched += futex(&first, FUTEX_REQUEUE, 0, 100, &second, 0);
    CHECK("all go to the second word", touched == THREADS);
    CHECK("one wakes and two go on to a third",
          futex(&second, FUTEX_CMP_REQUEUE, 1, 2, &third, 0) == 3);
    CHECK("only if the word is as it was",
          futex(&second, FUTEX_CMP_REQUEUE, 1, 2, &third, 1) == -EAGAIN);
    CHECK("who moves twice wakes, or waits there",
          futex(&third, FUTEX_WAKE, 100, 0, NULL, 0) <= 2 &&
              futex(&second, FUTEX_WAKE, 100, 0, NULL, 0) == THREADS - 3);
    CHECK("nobody is left behind", futex(&first, FUTEX_WAKE, 100, 0, NULL, 0) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK("a negative number", futex(&first, FUTEX_REQUEUE, -1, 1, &second, 0) == -EINVAL);
    CHECK("to where it is", futex(&first, FUTEX_REQUEUE, 0, 1, &first, 0) == 0);
}

/* --- locks that lend priority, by the other clock */

static void test_lock_pi2(void) {
    struct timespec soon;

    clock_gettime(CLOCK_MONOTONIC, &soon);
    soon.tv_nsec = soon.tv_nsec < 990000000 ? soon.tv_nsec + 10000000 : 999999999;
    first = 0;
    CHECK("FUTEX_LOCK_PI2 takes a lock", futex(&first, FUTEX_LOCK_PI2, 0, (long)&soon, NULL, 0) == 0 &&
                                             first == (unsigned)gettid());
    CHECK("... and is undone", futex(&first, FUTEX_UNLOCK_PI, 0, 0, NULL, 0) == 0 && first == 0);
    first = (unsigned)getppid();
    CHECK("... waits by the monotonic clock",
          futex(&first, FUTEX_LOCK_PI2, 0, (long)&soon, NULL, 0) == -ETIMEDOUT);
    CHECK("requeueing to such locks there is not",
          futex(&first, FUTEX_WAIT_REQUEUE_PI, 0, 0, &second, 0) == -ENOSYS &&
              futex(&first, FUTEX_CMP_REQUEUE_PI, 1, 0, &second, 0) == -ENOSYS);
}

int main(void) {
    test_wake_op();
    test_requeue();
    test_lock_pi2();
    return check_done();
}
