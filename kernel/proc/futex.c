// Futexes: who waits for which word of user memory.
//
// Why no wake-up is lost: a waiter reads the word and joins its bucket under the bucket's lock. A
// waker changes the word first and takes that lock then. So either the waiter reads the new value,
// or the waker finds it in the bucket.
#include <abi/errno.h>
#include <mm/copy.h>
#include <mm/page_cache.h>
#include <mm/space.h>
#include <proc/futex.h>
#include <sched/sched.h>

#define BUCKET_BITS 9

struct bucket {
    struct spinlock lock;
    struct list waiters;            // in order of arrival
};

static struct bucket buckets[1 << BUCKET_BITS];

// One who waits; on its stack. What is here changes under the lock of its bucket.
struct futex_waiter {
    struct list node;               // alone once it has been woken
    struct bucket *bucket;
    struct futex_key key;
    struct backing *moved_to;       // keeps the second word that it waits for; NULL: none
    uint32_t bitset;
    struct thread *thread;
};

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

static struct bucket *bucket_of(const struct futex_key *key) {
    return &buckets[futex_key_hash(key, BUCKET_BITS)];
}

// --- waiting

// Locks the bucket that the waiter is in now: a requeue may just be changing that.
static void lock_own_bucket(struct futex_waiter *waiter) {
    for (;;) {
        struct bucket *bucket = __atomic_load_n(&waiter->bucket, __ATOMIC_ACQUIRE);
        spin_lock(&bucket->lock);
        if (bucket == waiter->bucket)
            return;
        spin_unlock(&bucket->lock);
    }
}

// Joins the bucket if the word holds `expected`; its lock is held then.
static int enqueue(struct futex_waiter *waiter, uint64_t word, uint32_t expected) {
    struct bucket *bucket = bucket_of(&waiter->key);
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

// The waiter does not go before it has had the bucket's lock.
static void take_off(struct futex_waiter *waiter) {
    list_remove(&waiter->node);
    thread_wake(waiter->thread);
}

static int wake_locked(struct bucket *bucket, const struct futex_key *key, int count,
                       uint32_t bitset) {
    struct futex_waiter *waiter, *next;
    int woken = 0;
    list_for_each_safe(waiter, next, &bucket->waiters, node) {
        if (!futex_key_equal(&waiter->key, key) || !(waiter->bitset & bitset))
            continue;
        take_off(waiter);
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
    struct bucket *bucket = bucket_of(&key);
    spin_lock(&bucket->lock);
    result = wake_locked(bucket, &key, count, bitset);
    spin_unlock(&bucket->lock);
    futex_key_release(&key);
    return result;
}

// --- two words at once

struct pair {
    struct futex_key first, second;
    struct bucket *a, *b;           // theirs; may be the same
};

static int pair_get(struct pair *pair, uint64_t first, uint64_t second, bool shared) {
    int error = futex_key_get(first, shared, &pair->first);
    if (error)
        return error;
    error = futex_key_get(second, shared, &pair->second);
    if (error) {
        futex_key_release(&pair->first);
        return error;
    }
    pair->a = bucket_of(&pair->first);
    pair->b = bucket_of(&pair->second);
    return 0;
}

static void pair_release(struct pair *pair) {
    futex_key_release(&pair->first);
    futex_key_release(&pair->second);
}

// The lower address first, so that two pairs cannot wait for each other.
static void pair_lock(struct pair *pair) {
    spin_lock(pair->a < pair->b ? &pair->a->lock : &pair->b->lock);
    if (pair->a != pair->b)
        spin_lock(pair->a < pair->b ? &pair->b->lock : &pair->a->lock);
}

static void pair_unlock(struct pair *pair) {
    spin_unlock(&pair->a->lock);
    if (pair->a != pair->b)
        spin_unlock(&pair->b->lock);
}

// One that was moved before has no room for another reference: it wakes, and its program looks again.
static void move_one(struct futex_waiter *waiter, struct pair *pair) {
    struct backing *backing = pair->second.backing;
    if (waiter->moved_to) {
        take_off(waiter);
        return;
    }
    if (backing)
        backing->ops->hold(backing);
    waiter->moved_to = backing;
    waiter->key = pair->second;
    list_remove(&waiter->node);
    list_push_back(&pair->b->waiters, &waiter->node);
    __atomic_store_n(&waiter->bucket, pair->b, __ATOMIC_RELEASE);
}

static int move_locked(struct pair *pair, int count) {
    struct futex_waiter *waiter, *next;
    int moved = 0;
    list_for_each_safe(waiter, next, &pair->a->waiters, node) {
        if (moved >= count)
            break;
        if (!futex_key_equal(&waiter->key, &pair->first))
            continue;
        move_one(waiter, pair);
        moved++;
    }
    return moved;
}

// Locks both when the word is what it should be.
static int pair_lock_if(struct pair *pair, uint64_t word, const uint32_t *expected) {
    uint32_t value;
    pair_lock(pair);
    while (expected && !user_word_read(word, &value)) {
        pair_unlock(pair);
        if (copy_fault_in(word, sizeof value, false))
            return -EFAULT;
        pair_lock(pair);
    }
    if (!expected || value == *expected)
        return 0;
    pair_unlock(pair);
    return -EAGAIN;
}

int futex_requeue(uint64_t from, uint64_t to, bool shared, int wake, int move,
                  const uint32_t *expected) {
    struct pair pair;
    if (wake < 0 || move < 0)
        return -EINVAL;
    int error = pair_get(&pair, from, to, shared);
    if (error)
        return error;
    error = pair_lock_if(&pair, from, expected);
    int woken = 0, moved = 0;
    if (!error) {
        woken = wake ? wake_locked(pair.a, &pair.first, wake, FUTEX_BITSET_MATCH_ANY) : 0;
        if (!futex_key_equal(&pair.first, &pair.second))
            moved = move_locked(&pair, move);
        pair_unlock(&pair);
    }
    pair_release(&pair);
    return error ? error : woken + moved;
}

// --- FUTEX_WAKE_OP

static int32_t sign_extend(uint32_t value) { return (int32_t)(value << 20) >> 20; }

// The fields of FUTEX_OP: operation, comparison, and two operands of 12 bits.
static bool op_apply(uint32_t operation, uint32_t old, uint32_t *fresh) {
    uint32_t argument = sign_extend(operation >> 12 & 0xfff);
    if (operation >> 28 & FUTEX_OP_OPARG_SHIFT)
        argument = 1u << (argument & 31);
    switch (operation >> 28 & 7) {
    case FUTEX_OP_SET: *fresh = argument; return true;
    case FUTEX_OP_ADD: *fresh = old + argument; return true;
    case FUTEX_OP_OR: *fresh = old | argument; return true;
    case FUTEX_OP_ANDN: *fresh = old & ~argument; return true;
    case FUTEX_OP_XOR: *fresh = old ^ argument; return true;
    default: return false;
    }
}

static bool op_compare(uint32_t operation, int32_t old) {
    int32_t argument = sign_extend(operation & 0xfff);
    switch (operation >> 24 & 15) {
    case FUTEX_OP_CMP_EQ: return old == argument;
    case FUTEX_OP_CMP_NE: return old != argument;
    case FUTEX_OP_CMP_LT: return old < argument;
    case FUTEX_OP_CMP_LE: return old <= argument;
    case FUTEX_OP_CMP_GT: return old > argument;
    default: return old >= argument;
    }
}

// Changes the word, with both buckets locked in the end: its old value goes to *old.
static int op_change(struct pair *pair, uint64_t word, uint32_t operation, uint32_t *old) {
    uint32_t fresh;
    pair_lock(pair);
    for (;;) {
        bool there = user_word_read(word, old);
        if (there && !op_apply(operation, *old, &fresh)) {
            pair_unlock(pair);
            return -ENOSYS;
        }
        uint32_t seen = *old;
        if (there && user_word_change(word, &seen, fresh)) {
            if (seen == *old)
                return 0;
            continue;
        }
        pair_unlock(pair);
        if (copy_fault_in(word, sizeof *old, true))
            return -EFAULT;
        pair_lock(pair);
    }
}

int futex_wake_op(uint64_t first, uint64_t second, bool shared, int wake_first, int wake_second,
                  uint32_t operation) {
    struct pair pair;
    uint32_t old;
    if ((operation >> 24 & 15) > FUTEX_OP_CMP_GE)
        return -ENOSYS;
    int result = pair_get(&pair, first, second, shared);
    if (result)
        return result;
    result = op_change(&pair, second, operation, &old);
    if (!result) {
        result = wake_locked(pair.a, &pair.first, wake_first, FUTEX_BITSET_MATCH_ANY);
        if (op_compare(operation, old))
            result += wake_locked(pair.b, &pair.second, wake_second, FUTEX_BITSET_MATCH_ANY);
        pair_unlock(&pair);
    }
    pair_release(&pair);
    return result;
}
