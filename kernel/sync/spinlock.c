#include <debug/panic.h>
#include <riscv/csr.h>
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

static inline bool try_acquire(struct spinlock *lock) {
    return !__atomic_exchange_n(&lock->locked, 1, __ATOMIC_ACQUIRE);
}

// Waits with plain loads, so that the harts that wait do not take the cache line from the
// one that holds it.
static __attribute__((noinline)) void spin_contended(struct spinlock *lock) {
    uint32_t self = current()->hart;
    if (lock->holder_hart == self)
        panic("spinlock \"%s\" taken twice by hart %u", lock->name, self);
    do {
        while (__atomic_load_n(&lock->locked, __ATOMIC_RELAXED)) {
            panic_check();
            hart_relax();
        }
    } while (!try_acquire(lock));
    lock->holder_hart = self;
}

void spin_lock(struct spinlock *lock) {
    struct current *self = current();
    critical_enter(self);
    if (__builtin_expect(try_acquire(lock), true))
        lock->holder_hart = self->hart;
    else
        spin_contended(lock);
}

bool spin_trylock(struct spinlock *lock) {
    struct current *self = current();
    critical_enter(self);
    if (!try_acquire(lock)) {
        critical_leave(self);
        return false;
    }
    lock->holder_hart = self->hart;
    return true;
}

void spin_unlock(struct spinlock *lock) {
    struct current *self = current();
    assert(lock->locked && lock->holder_hart == self->hart);
    lock->holder_hart = UINT32_MAX;
    __atomic_store_n(&lock->locked, 0, __ATOMIC_RELEASE);
    critical_leave(self);
}

bool spin_holding(const struct spinlock *lock) {
    return lock->locked && lock->holder_hart == current()->hart;
}
