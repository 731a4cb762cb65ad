// Futexes: who waits for which word of user memory.
//
// Why no wake-up is lost: a waiter reads the word and joins its bucket under the bucket's lock. A
// waker changes the word first and takes that lock then. So either the waiter reads the new value,
// or the waker finds it in the bucket.
#include <abi/errno.h>
#include <mm/copy.h>
#include <mm/page_cache.h>
#include <mm/space.h>
#include <proc/futex_bucket.h>
#include <sched/sched.h>

#define BUCKET_BITS 9

static struct futex_bucket buckets[1 << BUCKET_BITS];

void futex_init(void) {
    for (unsigned i = 0; i < 1u << BUCKET_BITS; i++) {
        spin_init(&buckets[i].lock, "futex");
        list_init(&buckets[i].waiters);
    }
}

int futex_key_get(uint64_t word, bool shared, struct futex_key *key) {
    struct space *space = thread_current()->space;
    if (word % sizeof(uint32_t))
        return -EINVAL;
    if (word >= USER_LIMIT)
        return -EFAULT;
    *key = (struct futex_key){ space, word, NULL };
    return shared ? space_shared_place(space, word, &key->owner, &key->offset, &key->backing) : 0;
}

static void backing_release(struct backing *backing) {
    if (backing)
        backing->ops->release(backing);
}

void futex_key_release(struct futex_key *key) { backing_release(key->backing); }

struct futex_bucket *futex_bucket_of(const struct futex_key *key) {
    return &buckets[futex_key_hash(key, BUCKET_BITS)];
}

// --- waiting

// Locks the bucket that the waiter is in now: a requeue may just be changing that.
static void lock_own_bucket(struct futex_waiter *waiter) {
    for (;;) {
        struct futex_bucket *bucket = __atomic_load_n(&waiter->bucket, __ATOMIC_ACQUIRE);
        spin_lock(&bucket->lock);
        if (bucket == waiter->bucket)
            return;
        spin_unlock(&bucket->lock);
    }
}

// Joins the bucket if the word holds `expected`; its lock is held then.
static int enqueue(struct futex_waiter *waiter, uint64_t word, uint32_t expected) {
    struct futex_bucket *bucket = futex_bucket_of(&waiter->key);
    uint32_t value;
    waiter->bucket = bucket;
    spin_lock(&bucket->lock);
    while (!user_word_read(word, &value)) {
        spin_unlock(&bucket->lock);
        if (copy_fault_in(word, sizeof value, false))
            return -EFAULT;
        spin_lock(&bucket->lock);
    }
    if (value != expected) {
        spin_unlock(&bucket->lock);
        return -EAGAIN;
    }
    list_push_back(&bucket->waiters, &waiter->node);
    return 0;
}

// Sleeps until it is taken off its bucket; a wake-up that comes together with a signal counts. The
// bucket's lock is held on entry, and in the end none.
static int sleep_in_bucket(struct futex_waiter *waiter, uint64_t deadline) {
    // The waker knows the thread, and needs no queue to find it.
    struct wait_queue nobody_wakes = WAIT_QUEUE_INIT(nobody_wakes, "futex");
    int error = 0;
    while (!list_empty(&waiter->node) && !error) {
        struct spinlock *lock = &waiter->bucket->lock;
        error = wait_once(&nobody_wakes, lock, WAIT_INTERRUPTIBLE, deadline);
        spin_unlock(lock);
        lock_own_bucket(waiter);
    }
    if (list_empty(&waiter->node))
        error = 0;
    list_remove(&waiter->node);
    spin_unlock(&waiter->bucket->lock);
    return error;
}

int futex_wait(uint64_t word, bool shared, uint32_t expected, uint64_t deadline, uint32_t bitset) {
    struct futex_waiter waiter = { .bitset = bitset, .thread = thread_current() };
    struct futex_key key;
    if (!bitset)
        return -EINVAL;
    int error = futex_key_get(word, shared, &key);
    if (error)
        return error;
    waiter.key = key;
    error = enqueue(&waiter, word, expected);
    if (!error)
        error = sleep_in_bucket(&waiter, deadline);
    futex_key_release(&key);
    backing_release(waiter.moved_to);
    return error;
}

// --- waking

void futex_take_off(struct futex_waiter *waiter) {
    list_remove(&waiter->node);
    thread_wake(waiter->thread);
}

int futex_wake_locked(struct futex_bucket *bucket, const struct futex_key *key, int count,
                      uint32_t bitset) {
    struct futex_waiter *waiter, *next;
    int woken = 0;
    list_for_each_safe(waiter, next, &bucket->waiters, node) {
        if (!futex_key_equal(&waiter->key, key) || !(waiter->bitset & bitset))
            continue;
        futex_take_off(waiter);
        if (++woken >= count)
            break;
    }
    return woken;
}

int futex_wake(uint64_t word, bool shared, int count, uint32_t bitset) {
    struct futex_key key;
    if (!bitset)
        return -EINVAL;
    int result = futex_key_get(word, shared, &key);
    if (result)
        return result;
    struct futex_bucket *bucket = futex_bucket_of(&key);
    spin_lock(&bucket->lock);
    result = futex_wake_locked(bucket, &key, count, bitset);
    spin_unlock(&bucket->lock);
    futex_key_release(&key);
    return result;
}
