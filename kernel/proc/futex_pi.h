// Locks that lend priority: the word of user memory holds the owner's tid, and the kernel knows the
// owner of each that somebody waits for (futex(2), "Priority-inheritance futexes"). Ownership is
// handed over, to the waiter with the highest priority that has waited longest; nobody overtakes.
// Requeueing to such a lock (FUTEX_WAIT_REQUEUE_PI, FUTEX_CMP_REQUEUE_PI) is -ENOSYS, as futex(2) allows:
// conditions of C libraries have done without it since glibc 2.25.
#ifndef PROC_FUTEX_PI_H
#define PROC_FUTEX_PI_H

#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

struct thread;

// Takes the lock: 0, -EDEADLK (the caller has it, or the owner waits for the caller), -ESRCH (the
// owner is gone), -EAGAIN (it is taken, and the caller only tries), -ETIMEDOUT at `deadline` (ticks),
// -EINVAL, -EFAULT, -ENOMEM, -ERESTART_ALWAYS. After the death of an owner FUTEX_OWNER_DIED stays
// set in the word. May sleep.
int must_check futex_pi_lock(uint64_t word, bool shared, bool only_try, uint64_t deadline);

// Hands it on: 0, -EPERM (it is not the caller's), -EINVAL, -EFAULT. May sleep.
int must_check futex_pi_unlock(uint64_t word, bool shared);

// What the calling thread owns goes to those who wait, now that it ends or runs another program.
void futex_pi_leave(struct thread *self);

// The thread, which cannot leave meanwhile, has become more or less important: so have those that it waits for.
void futex_pi_reorder(struct thread *thread);

void futex_pi_init(void);

#endif
