#include <sync/spinlock.h>

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
    } while (!spin_acquire(lock, self));
}

void spin_lock(struct spinlock *lock) { spin_lock_inline(lock); }

// The fence is for the devices that the holder may have written to.
void spin_unlock(struct spinlock *lock) {
    io_fence();
    spin_unlock_inline(lock);
}

bool spin_trylock(struct spinlock *lock) {
    struct current *self = current();
    spin_enter(self);
    if (spin_acquire(lock, self))
        return true;
    spin_leave(self);
    return false;
}

bool spin_holding(const struct spinlock *lock) {
    return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED) == current();
}
