// Waiting for signals.
#include <abi/errno.h>
#include <proc/proc.h>
#include <proc/signal.h>

int signal_suspend(uint64_t mask) {
    signal_mask_for_call(mask);
    int error = thread_sleep_until(DEADLINE_NONE);
    return error == -EINTR ? -ERESTART_NO_HANDLER : error;
}

// Takes one of `set` off; else `next` says what is awaited from now on.
static bool take(struct thread *self, uint64_t set, uint64_t next, siginfo_t *info) {
    struct proc *proc = self->proc;
    spin_lock(&proc->lock);
    bool got = signal_queue_take(proc, &self->pending, set, info) ||
               signal_queue_take(proc, &proc->pending, set, info);
    self->signals_awaited = got ? 0 : next;
    spin_unlock(&proc->lock);
    return got;
}

int signal_await(uint64_t set, uint64_t deadline, siginfo_t *info) {
    struct thread *self = thread_current();
    set &= ~SIGNALS_UNBLOCKABLE;
    if (take(self, set, set, info))
        return info->si_signo;
    int error = thread_sleep_until(deadline);
    if (take(self, set, 0, info))
        return info->si_signo;
    return error ? -ERESTART_NEVER : -EAGAIN;
}
