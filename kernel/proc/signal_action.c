// What a process does with each signal, and what its threads block.
#include <abi/errno.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <proc/internal.h>

struct signal_handlers *signal_handlers_create(void) {
    struct signal_handlers *handlers = kzalloc(sizeof *handlers);
    if (handlers) {
        handlers->refs = 1;
        spin_init(&handlers->lock, "signal handlers");
    }
    return handlers;
}

struct signal_handlers *signal_handlers_hold(struct signal_handlers *handlers) {
    __atomic_fetch_add(&handlers->refs, 1, __ATOMIC_RELAXED);
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

bool signal_handlers_are_shared(const struct signal_handlers *handlers) {
    return __atomic_load_n(&handlers->refs, __ATOMIC_ACQUIRE) > 1;
}

void signal_handlers_reset(struct signal_handlers *handlers) {
    spin_lock(&handlers->lock);
    for (int i = 0; i < SIGNAL_COUNT; i++)
        handlers->actions[i] = (struct sigaction){
            .sa_handler = handlers->actions[i].sa_handler == SIG_IGN ? SIG_IGN : SIG_DFL,
        };
    spin_unlock(&handlers->lock);
}

// POSIX 2.4.3, and Linux's for the rest.
enum signal_default signal_default(int signal) {
    switch (signal) {
    case SIGCHLD: case SIGURG: case SIGWINCH: case SIGCONT: return DEFAULT_IGNORE;
    case SIGSTOP: case SIGTSTP: case SIGTTIN: case SIGTTOU: return DEFAULT_STOP;
    default: return DEFAULT_END;
    }
}

struct sigaction signal_action_get(const struct thread *thread, int signal) {
    struct signal_handlers *handlers = thread->handlers;
    spin_lock(&handlers->lock);
    struct sigaction action = handlers->actions[signal - 1];
    spin_unlock(&handlers->lock);
    return action;
}

static void action_set(struct thread *self, int signal, const struct sigaction *action) {
    spin_lock(&self->proc->lock);
    spin_lock(&self->handlers->lock);
    struct sigaction *entry = &self->handlers->actions[signal - 1];
    *entry = *action;
    entry->sa_mask.bits &= ~SIGNALS_UNBLOCKABLE;
    spin_unlock(&self->handlers->lock);
    // What is ignored is not pending either, blocked or not (POSIX 2.4.3).
    if (action->sa_handler == SIG_IGN ||
        (action->sa_handler == SIG_DFL && signal_default(signal) == DEFAULT_IGNORE))
        signal_flush_all(self->proc, SIGNAL_BIT(signal));
    spin_unlock(&self->proc->lock);
}

int signal_action(int signal, const struct sigaction *action, struct sigaction *old) {
    struct thread *self = thread_current();
    if (signal < 1 || signal > SIGNAL_COUNT ||
        (action && SIGNAL_BIT(signal) & SIGNALS_UNBLOCKABLE))
        return -EINVAL;
    *old = signal_action_get(self, signal);
    if (!action)
        return 0;
    int error = 0;
    if (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN)
        error = signal_trampoline_map();
    if (!error)
        action_set(self, signal, action);
    return error;
}

void signal_offer(struct thread *self, uint64_t signals) {
    for (; signals; signals &= signals - 1) {
        struct thread *other;
        list_for_each(other, &self->proc->threads, proc_node)
            if (other != self && signal_wanted(other, __builtin_ctzl(signals) + 1)) {
                signal_notify(other, true);
                break;
            }
    }
}

void signal_mask_set(uint64_t blocked) {
    struct thread *self = thread_current();
    struct proc *proc = self->proc;
    blocked &= ~SIGNALS_UNBLOCKABLE;
    spin_lock(&proc->lock);
    uint64_t newly = blocked & ~self->signals_blocked;
    self->signals_blocked = blocked;
    signal_offer(self, proc->pending.set & newly);
    if (signal_deliverable(self))
        self->signal_attention = true;
    spin_unlock(&proc->lock);
}

void signal_mask_for_call(uint64_t blocked) {
    struct thread *self = thread_current();
    self->signals_saved = self->signals_blocked;
    self->mask_saved = true;
    signal_mask_set(blocked);
}

void signal_mask_restore(void) {
    struct thread *self = thread_current();
    if (self->mask_saved)
        signal_mask_set(self->signals_saved);
    self->mask_saved = false;
}

bool proc_signal_ignored_or_blocked(int signal) {
    struct thread *self = thread_current();
    return self->signals_blocked & SIGNAL_BIT(signal) ||
           signal_handler(self, signal) == SIG_IGN;
}
