/*
 * Waiting for words, and the library's own locks.
 */
#include "lock.h"

#include <abi/futex.h>
#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

bool threads_exist;

int word_wait(int *word, int value, bool shared, const struct timespec *until) {
    int saved = errno;
    int operation = FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME | (shared ? 0 : FUTEX_PRIVATE_FLAG);
    int error = 0;

    if (syscall(SYS_futex, word, operation, value, until, NULL, FUTEX_BITSET_MATCH_ANY) < 0)
        error = errno;
    errno = saved;
    return error;
}

void word_wake(int *word, int n, bool shared) {
    int saved = errno;

    syscall(SYS_futex, word, FUTEX_WAKE | (shared ? 0 : FUTEX_PRIVATE_FLAG), n);
    errno = saved;
}

/* Who has waited cannot know whether others still do, so it leaves the word at 2. */
int word_lock_slow(int *word, bool shared, const struct timespec *until) {
    while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0) {
        int error = word_wait(word, 2, shared, until);

        if (error != 0 && error != EAGAIN && error != EINTR)
            return error;
    }
    return 0;
}

void word_unlock(int *word, bool shared) {
    if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2)
        word_wake(word, 1, shared);
}

void lock_take(struct lock *lock) {
    void *self = pthread_self();

    if (__atomic_load_n(&lock->owner, __ATOMIC_RELAXED) != self) {
        if (!word_trylock(&lock->word))
            word_lock_slow(&lock->word, false, NULL);
        __atomic_store_n(&lock->owner, self, __ATOMIC_RELAXED);
    }
    lock->depth++;
}

void lock_release(struct lock *lock) {
    if (--lock->depth > 0)
        return;
    __atomic_store_n(&lock->owner, NULL, __ATOMIC_RELAXED);
    word_unlock(&lock->word, false);
}
