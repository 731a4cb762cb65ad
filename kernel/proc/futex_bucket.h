// Who waits for futexes: for futex.c and futex_pair.c alone.
#ifndef PROC_FUTEX_BUCKET_H
#define PROC_FUTEX_BUCKET_H

#include <lib/list.h>
#include <proc/futex.h>
#include <sync/spinlock.h>

struct backing;
struct thread;

struct futex_bucket {
    struct spinlock lock;
    struct list waiters;            // of all words that hash to it, in order of arrival
};

// One who waits; on its stack. What is here changes under the lock of its bucket.
struct futex_waiter {
    struct list node;               // alone once it has been woken
    struct futex_bucket *bucket;
    struct futex_key key;
    struct backing *moved_to;       // keeps the second word that it waits for; NULL: none
    uint32_t bitset;
    struct thread *thread;
};

struct futex_bucket *futex_bucket_of(const struct futex_key *key);

// Wakes a waiter, with its bucket's lock held: it does not go before it has had that lock.
void futex_take_off(struct futex_waiter *waiter);

// Wakes up to `count` waiters for `key`, but at least one, whose bits meet `bitset`, with the bucket's
// lock held: how many.
int futex_wake_locked(struct futex_bucket *bucket, const struct futex_key *key, int count,
                      uint32_t bitset);

#endif
