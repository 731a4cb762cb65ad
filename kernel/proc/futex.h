// Futexes: waiting for a word of user memory to change (futex(2)). A word that nobody else may see
// is named by its space and address, one in shared memory by its object and place there, so that
// processes meet that map it at different addresses.
//
// `shared` says that the word may be in shared memory (FUTEX_PRIVATE_FLAG is not set). All return
// -EINVAL for an address that is not aligned and -EFAULT for one that is not the program's, and may
// sleep.
#ifndef PROC_FUTEX_H
#define PROC_FUTEX_H

#include <abi/futex.h>
#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

// Sleeps while the word holds `expected`, until a wake-up whose bits meet `bitset`: 0, -EAGAIN (it
// holds something else), -ETIMEDOUT (at `deadline`, ticks), -EINTR.
int must_check futex_wait(uint64_t word, bool shared, uint32_t expected, uint64_t deadline,
                          uint32_t bitset);

// Wakes up to `count` waiters, but at least one, in order of arrival: how many.
int must_check futex_wake(uint64_t word, bool shared, int count, uint32_t bitset);

// Wakes up to `wake` waiters of `from` and lets up to `move` others wait for `to` instead: how many
// both; -EAGAIN if `expected` is not NULL and the word does not hold *expected.
int must_check futex_requeue(uint64_t from, uint64_t to, bool shared, int wake, int move,
                             const uint32_t *expected);

// Changes `second` as `operation` (FUTEX_OP) says, wakes waiters of `first`, and those of `second` if its
// old value compares: how many. -ENOSYS for an unknown operation.
int must_check futex_wake_op(uint64_t first, uint64_t second, bool shared, int wake_first,
                             int wake_second, uint32_t operation);

void futex_init(void);

// --- for the files of futexes

struct backing;

struct futex_key {
    const void *owner;              // the space, or the object in shared memory
    uint64_t offset;                // the address there
    struct backing *backing;        // keeps the object; NULL: none
};

// The key of `word`, to be released: 0, -EINVAL, -EFAULT.
int must_check futex_key_get(uint64_t word, bool shared, struct futex_key *key);
void futex_key_release(struct futex_key *key);

static inline bool futex_key_equal(const struct futex_key *a, const struct futex_key *b) {
    return a->owner == b->owner && a->offset == b->offset;
}

// Spreads keys over 2^bits buckets.
static inline uint32_t futex_key_hash(const struct futex_key *key, unsigned bits) {
    uint64_t mixed = ((uint64_t)key->owner >> 4) + (key->offset >> 2) * 0x9e3779b97f4a7c15ul;
    return (mixed * 0x9e3779b97f4a7c15ul) >> (64 - bits);
}

#endif
