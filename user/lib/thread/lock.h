/*
 * What the library's own locks and those of <pthread.h> are made of: waiting in the kernel for a word
 * to change, and a lock that costs nothing until there is a second thread.
 */
#ifndef LIBC_LOCK_H
#define LIBC_LOCK_H

#include <stdbool.h>
#include <time.h>

/*
 * Waits while *word is value, until a wake-up or the time `until` (CLOCK_REALTIME; NULL: for ever).
 * 0, or an error number: EAGAIN (it is not), EINTR, ETIMEDOUT, EINVAL. errno stays as it is.
 */
int word_wait(int *word, int value, bool shared, const struct timespec *until);

/* Wakes up to n who wait for the word. */
void word_wake(int *word, int n, bool shared);

/* A mutex of one word: see pthread_mutex_t. The slow ways are for a word that is taken. */
int word_lock_slow(int *word, bool shared, const struct timespec *until);
void word_unlock(int *word, bool shared);

static inline bool word_trylock(int *word) {
    int unlocked = 0;

    return __atomic_compare_exchange_n(word, &unlocked, 1, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

/* Has the program made a thread? Never becomes false again. */
extern bool threads_exist;

/* A lock that its owner may take again. */
struct lock {
    int word;
    int depth;
    void *owner;
};

void lock_take(struct lock *lock);
void lock_release(struct lock *lock);

static inline struct lock *lock_acquire(struct lock *lock) {
    if (threads_exist)
        lock_take(lock);
    return lock;
}

static inline void lock_leave(struct lock **held) {
    if (threads_exist)
        lock_release(*held);
}

/* Holds the lock from here to the end of the block. */
#define HOLDING(which) \
    struct lock *held_lock __attribute__((cleanup(lock_leave), unused)) = lock_acquire(which)

/* The locks that a child of fork must find free: the heap's, and that of the list of streams. */
extern struct lock heap_lock, streams_lock;

/* In the child of fork, where there is one thread: no stream is in use by another. */
void streams_after_fork(void);

#endif
