// Spinlocks: short critical sections, shared with interrupt handlers or not.
//
// Taking a spinlock turns interrupts off on this hart until the last one held is released:
// the holder is neither interrupted nor preempted, and it must not sleep. A hart that waits
// polls the panic flag, so that a panic elsewhere is never hidden by a lock that its
// holder will not release.
#ifndef SYNC_SPINLOCK_H
#define SYNC_SPINLOCK_H

#include <debug/panic.h>
#include <riscv/csr.h>
#include <riscv/current.h>
#include <riscv/lock_word.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spinlock {
    struct current *holder;     // NULL: free
    const char *name;           // what it guards, for reports
};

#define SPINLOCK_INIT(what) { .name = what }

static inline void spin_init(struct spinlock *lock, const char *name) {
    *lock = (struct spinlock){ .name = name };
}

// Acquires `lock`. Interrupts are off on return. Taking a lock twice is a panic.
void spin_lock(struct spinlock *lock);

// Acquires `lock` if it is free now; true when it is held on return.
bool spin_trylock(struct spinlock *lock);

// Releases `lock`; interrupts come back on if the outermost spin_lock found them on.
void spin_unlock(struct spinlock *lock);

// Does nobody hold it just now? All that its last holder did is seen then.
static inline bool spin_is_free(const struct spinlock *lock) {
    return !__atomic_load_n(&lock->holder, __ATOMIC_ACQUIRE);
}

// Is `lock` held by the running thread? For assertions.
bool spin_holding(const struct spinlock *lock);

// What they do, for the few hottest callers to have in line, under whose locks no device is touched.
// Who finds a trylock failed goes on with a function that waits, as its last call, and so needs no
// registers that outlive a call.
void spin_wait(struct spinlock *lock);

static inline bool spin_acquire(struct spinlock *lock, struct current *self) {
    return lock_word_take(&lock->holder, self);
}

// Interrupts go off before the lock is taken: an interrupt handler that wanted the same lock
// would wait for its own hart for ever.
static inline void spin_enter(struct current *self) {
    uint32_t depth = self->spin_depth;
    if (depth == 0)
        self->spin_irq = irq_disable();
    self->spin_depth = depth + 1;
}
static inline void spin_leave(struct current *self) {
    if (--self->spin_depth == 0)
        csr_set(sstatus, self->spin_irq);
}

static inline void spin_lock_inline(struct spinlock *lock) {
    struct current *self = current();
    spin_enter(self);
    if (__builtin_expect(!spin_acquire(lock, self), false))
        spin_wait(lock);
}
static inline bool spin_trylock_inline(struct spinlock *lock) {
    struct current *self = current();
    spin_enter(self);
    bool acquired = spin_acquire(lock, self);
    if (__builtin_expect(!acquired, false))
        spin_leave(self);
    return acquired;
}
static inline void spin_unlock_inline(struct spinlock *lock) {
    struct current *self = current();
    assert(lock->holder == self);
    lock_word_release(&lock->holder);
    spin_leave(self);
}

// The same for who holds another spinlock anyway, and calls nothing between the two: it is not counted.
static inline bool spin_trylock_nested(struct spinlock *lock) { return spin_acquire(lock, current()); }
static inline void spin_unlock_nested(struct spinlock *lock) { lock_word_release(&lock->holder); }

// The same for a lock that the scheduler holds over a switch: interrupts are off before, and stay off
// after its release, and no other lock is held. One thread takes it, the next on this hart releases
// it, and each counts it.
static inline void spin_lock_switching(struct spinlock *lock) {
    struct current *self = current();
    self->spin_depth = 1;
    self->spin_irq = 0;
    if (__builtin_expect(!spin_acquire(lock, self), false))
        spin_wait(lock);
}
static inline void spin_unlock_switching(struct spinlock *lock) {
    lock_word_release(&lock->holder);
    current()->spin_depth = 0;
}

// Preemption off without a lock: per-hart data stays per-hart between the two calls.
// Interrupts stay as they are. The caller must not sleep in between.
static inline void preempt_disable(void) {
    current()->preempt_off++;
    __asm__ volatile("" ::: "memory");
}
static inline void preempt_enable(void) {
    __asm__ volatile("" ::: "memory");
    current()->preempt_off--;
}

#endif
