#include <abi/errno.h>
#include <fs/cred.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <proc/exit.h>
#include <proc/internal.h>
#include <proc/proc.h>
#include <proc/signal.h>
#include <sched/hart.h>

// Default actions (POSIX 2.4.3). Stopping and continuing come with job control; until then a
// stop signal is as if ignored.
#define IGNORED_BY_DEFAULT                                                              \
    (SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGURG) | SIGNAL_BIT(SIGWINCH) | SIGNAL_BIT(SIGCONT) | \
     SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

struct signal_handlers *signal_handlers_create(void) {
    struct signal_handlers *handlers = kzalloc(sizeof *handlers);
    if (handlers) {
        handlers->refs = 1;
        spin_init(&handlers->lock, "signal handlers");
    }
    return handlers;
}

struct signal_handlers *signal_handlers_copy(struct signal_handlers *from) {
    struct signal_handlers *copy = kmalloc(sizeof *copy);
    if (!copy)
        return NULL;
    copy->refs = 1;
    spin_init(&copy->lock, "signal handlers");
    spin_lock(&from->lock);
    memcpy(copy->actions, from->actions, sizeof copy->actions);
    spin_unlock(&from->lock);
    return copy;
}

void signal_handlers_put(struct signal_handlers *handlers) {
    if (!__atomic_sub_fetch(&handlers->refs, 1, __ATOMIC_ACQ_REL))
        kfree(handlers);
}

bool signal_ignored(const struct thread *target, int signal) {
    if (signal == SIGKILL)
        return false;
    void (*handler)(int) = target->handlers->actions[signal - 1].sa_handler;
    return handler == SIG_IGN ||
           (handler == SIG_DFL && SIGNAL_BIT(signal) & IGNORED_BY_DEFAULT);
}

// What is pending and not blocked.
static uint64_t deliverable(const struct thread *thread) {
    uint64_t pending = thread->signals_pending |
                       __atomic_load_n(&thread->proc->signals_pending, __ATOMIC_ACQUIRE);
    return pending & ~thread->signals_blocked;
}

// Whatever is pending would end the process, for the ignored are forgotten when they are sent
// and there are no handlers; so killable waits end for the same signals.
static bool signal_check(const struct thread *thread, enum wait_mode mode) {
    return mode != WAIT_UNINTERRUPTIBLE && deliverable(thread);
}

void signal_init(void) { thread_signal_check = signal_check; }

// Makes `thread` look: wakes it, or interrupts the hart that runs it. proc->lock is held, so
// the thread does not go away.
static void thread_notify(struct thread *thread, int signal) {
    if (!deliverable(thread))
        return;
    thread->signal_attention = true;
    enum wait_mode strength = signal == SIGKILL ? WAIT_KILLABLE : WAIT_INTERRUPTIBLE;
    if (!thread_interrupt(thread, strength) && thread->on_cpu &&
        thread->hart != current()->hart)
        harts_interrupt(1u << thread->hart);
}

void proc_signal(struct proc *proc, int signal) {
    spin_lock(&proc->lock);
    struct thread *thread = proc->leader;
    // The first process ends only when it wants to: without it there is no system.
    bool immune = proc->pid == 1;
    if (thread && !proc->exiting && !signal_ignored(thread, signal) && !immune) {
        __atomic_fetch_or(&proc->signals_pending, SIGNAL_BIT(signal), __ATOMIC_ACQ_REL);
        thread_notify(thread, signal);
    }
    spin_unlock(&proc->lock);
}

void signal_force(int signal) {
    struct thread *self = thread_current();
    struct sigaction *action = &self->handlers->actions[signal - 1];
    if (action->sa_handler == SIG_IGN)
        action->sa_handler = SIG_DFL;
    self->signals_blocked &= ~SIGNAL_BIT(signal);
    self->signals_pending |= SIGNAL_BIT(signal);
    self->signal_attention = true;
}

void signal_take(struct trap_frame *frame) {
    (void)frame;        // a handler's frame will be built from it
    struct thread *self = thread_current();
    // First, so that a signal that comes now is seen in the next round.
    __atomic_store_n(&self->signal_attention, false, __ATOMIC_SEQ_CST);
    uint64_t signals = deliverable(self);
    if (signals)
        proc_exit(__builtin_ctzl(signals) + 1);
}

int signal_action(int signal, const struct sigaction *action, struct sigaction *old) {
    if (signal < 1 || signal > SIGNAL_COUNT)
        return -EINVAL;
    if (action && (signal == SIGKILL || signal == SIGSTOP))
        return -EINVAL;
    if (action && action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN)
        return -ENOSYS;
    struct thread *self = thread_current();
    struct proc *proc = self->proc;
    spin_lock(&proc->lock);
    struct sigaction *entry = &self->handlers->actions[signal - 1];
    *old = *entry;
    if (action) {
        *entry = *action;
        if (signal_ignored(self, signal))
            proc->signals_pending &= ~SIGNAL_BIT(signal);
    }
    spin_unlock(&proc->lock);
    return 0;
}

static bool may_signal(const struct cred *mine, const struct cred *theirs) {
    return !mine->euid || mine->euid == theirs->uid || mine->uid == theirs->uid ||
           mine->euid == theirs->suid || mine->uid == theirs->suid;
}

int signal_permission(struct proc *target) {
    spin_lock(&target->lock);
    // A zombie takes anything.
    bool allowed = !target->leader || may_signal(thread_current()->cred, target->leader->cred);
    spin_unlock(&target->lock);
    return allowed ? 0 : -EPERM;
}

bool proc_signal_ignored_or_blocked(int signal) {
    struct thread *self = thread_current();
    return self->signals_blocked & SIGNAL_BIT(signal) ||
           self->handlers->actions[signal - 1].sa_handler == SIG_IGN;
}
