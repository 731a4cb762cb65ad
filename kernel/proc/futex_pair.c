// Futex operations on two words at once: moving those who wait for one to the other, and
// FUTEX_WAKE_OP.
#include <abi/errno.h>
#include <mm/copy.h>
#include <mm/page_cache.h>
#include <proc/futex_bucket.h>

struct pair {
    struct futex_key first, second;
    struct futex_bucket *a, *b;           // theirs; may be the same
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
    pair->a = futex_bucket_of(&pair->first);
    pair->b = futex_bucket_of(&pair->second);
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
        futex_take_off(waiter);
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
        woken = wake ? futex_wake_locked(pair.a, &pair.first, wake, FUTEX_BITSET_MATCH_ANY) : 0;
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
        result = futex_wake_locked(pair.a, &pair.first, wake_first, FUTEX_BITSET_MATCH_ANY);
        if (op_compare(operation, old))
            result += futex_wake_locked(pair.b, &pair.second, wake_second, FUTEX_BITSET_MATCH_ANY);
        pair_unlock(&pair);
    }
    pair_release(&pair);
    return result;
}
