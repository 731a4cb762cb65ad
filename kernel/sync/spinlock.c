#include <debug/panic.h>
#include <riscv/csr.h>
#include <stddef.h>
#include <sync/spinlock.h>

// Interrupts go off before the lock is taken: an interrupt handler that wanted the same lock
// would wait for its own hart for ever.
static inline void critical_enter(struct current *self) {
    bool irq = irq_disable();
    if (self->spin_depth++ == 0)
        self->spin_irq = irq;
}

static inline void critical_leave(struct current *self) {
    if (--self->spin_depth == 0 && self->spin_irq)
        irq_enable();
}

static inline bool try_acquire(struct spinlock *lock, struct current *self) {
    struct current *nobody = NULL;
    return __atomic_compare_exchange_n(&lock->holder, &nobody, self, true, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

// Waits with plain loads, so that the harts that wait do not take the cache line from the
// one that holds it.
__attribute__((noinline)) void spin_wait(struct spinlock *lock) {
    struct current *self = current();
    if (spin_holding(lock))
        panic("spinlock \"%s\" taken twice by hart %u", lock->name, self->hart);
    do {
        while (__atomic_load_n(&lock->holder, __ATOMIC_RELAXED)) {
            panic_check();
            hart_relax();
        }
    } while (!try_acquire(lock, self));
}

void spin_lock(struct spinlock *lock) {
    struct current *self = current();
    critical_enter(self);
    if (__builtin_expect(!try_acquire(lock, self), false))
        spin_wait(lock);
}

bool spin_trylock(struct spinlock *lock) {
    struct current *self = current();
    critical_enter(self);
    // The exchange may fail for no reason (RISC-V A extension, LR/SC).
    while (!__atomic_load_n(&lock->holder, __ATOMIC_RELAXED))
        if (try_acquire(lock, self))
            return true;
    critical_leave(self);
    return false;
}

void spin_unlock(struct spinlock *lock) {
    struct current *self = current();
    assert(lock->holder == self);
    __atomic_store_n(&lock->holder, NULL, __ATOMIC_RELEASE);
    critical_leave(self);
}

bool spin_holding(const struct spinlock *lock) {
    return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED) == current();
}
