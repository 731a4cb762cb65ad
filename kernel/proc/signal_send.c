// Sending signals: who gets one, and how it is made to look.
#include <abi/errno.h>
#include <fs/cred.h>
#include <proc/internal.h>
#include <proc/stop.h>
#include <sched/hart.h>

bool signal_wanted(const struct thread *thread, int signal) {
    return !(thread->signals_blocked & ~thread->signals_awaited & SIGNAL_BIT(signal));
}

void signal_notify(struct thread *thread, bool fatal) {
    __atomic_store_n(&thread->signal_attention, true, __ATOMIC_RELAXED);
    // Pairs with the exchange in sleep_begin: it sees the mark, or its sleep is seen here.
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!thread_interrupt(thread, fatal ? WAIT_KILLABLE : WAIT_INTERRUPTIBLE) &&
        thread->on_cpu && thread->hart != current()->hart)
        harts_interrupt(1u << thread->hart);
}

// Is a signal that is not blocked to be forgotten at once? One that is blocked is kept: its action
// may have changed by the time it is taken, and sigtimedwait takes ignored ones too.
static bool forgotten(struct proc *proc, const struct thread *thread, int signal,
                      void (*handler)(int)) {
    bool by_default = handler == SIG_DFL;
    // The first process ends only when it wants to: without it there is no system.
    if (proc == proc_init && by_default)
        return true;
    if (handler != SIG_IGN &&
        !(by_default && signal_default(signal) == DEFAULT_IGNORE))
        return false;
    return !(thread->signals_blocked & SIGNAL_BIT(signal));
}

// A process's signal goes to its first thread that does not block it.
static struct thread *receiver(struct proc *proc, int signal) {
    struct thread *thread;
    list_for_each(thread, &proc->threads, proc_node)
        if (signal_wanted(thread, signal))
            return thread;
    return NULL;
}

// Makes a thread look that may take it: `thread` if it is for that one alone.
static void announce(struct proc *proc, struct thread *thread, int signal) {
    if (!thread)
        thread = receiver(proc, signal);
    else if (!signal_wanted(thread, signal))
        return;
    if (thread)
        signal_notify(thread, signal_handler(thread, signal) == SIG_DFL &&
                                  signal_default(signal) == DEFAULT_END);
}

int signal_send_locked(struct proc *proc, struct thread *thread, const siginfo_t *info) {
    assert(spin_holding(&proc->lock));
    int signal = info->si_signo;
    if (list_empty(&proc->threads) || proc->exiting)
        return 0;
    if (SIGNAL_BIT(signal) & (SIGNALS_THAT_STOP | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGKILL)))
        stop_signal_sent(proc, signal);
    const struct thread *asked =
        thread ? thread : list_first(&proc->threads, struct thread, proc_node);
    void (*handler)(int) = signal_handler(asked, signal);
    if (forgotten(proc, asked, signal, handler))
        return 0;
    int error = signal_queue_add(proc, thread ? &thread->pending : &proc->pending, info);
    if (error)
        return error;
    announce(proc, thread, signal);
    return 0;
}

void signal_send_queued(struct proc *proc, uint32_t tid, struct queued_signal *entry) {
    assert(spin_holding(&proc->lock));
    int signal = entry->info.si_signo;
    struct thread *thread = tid ? proc_thread(proc, tid) : NULL;
    if (!list_empty(&entry->node) || list_empty(&proc->threads) || proc->exiting ||
        (tid && !thread))
        return;
    const struct thread *any = list_first(&proc->threads, struct thread, proc_node);
    if (proc == proc_init && signal_handler(any, signal) == SIG_DFL)
        return;
    signal_queue_put(thread ? &thread->pending : &proc->pending, entry);
    announce(proc, thread, signal);
}

int signal_send(struct proc *proc, struct thread *thread, const siginfo_t *info) {
    spin_lock(&proc->lock);
    int error = signal_send_locked(proc, thread, info);
    spin_unlock(&proc->lock);
    return error;
}

void proc_signal(struct proc *proc, int signal) {
    siginfo_t info = { .si_signo = signal, .si_code = SI_KERNEL };
    (void)!signal_send(proc, NULL, &info);
}

void thread_signal(int signal) {
    siginfo_t info = signal_info_user(signal, SI_USER);
    (void)!signal_send(proc_current(), thread_current(), &info);
}

siginfo_t signal_info_user(int signal, int code) {
    siginfo_t info = { .si_signo = signal, .si_code = code };
    info.si_pid = proc_current()->pid;
    info.si_uid = thread_current()->cred->uid;
    return info;
}

bool signal_force(const siginfo_t *info) {
    struct thread *self = thread_current();
    struct signal_handlers *handlers = self->handlers;
    uint64_t bit = SIGNAL_BIT(info->si_signo);
    spin_lock(&self->proc->lock);
    spin_lock(&handlers->lock);
    struct sigaction *action = &handlers->actions[info->si_signo - 1];
    if (action->sa_handler == SIG_IGN || self->signals_blocked & bit)
        action->sa_handler = SIG_DFL;
    bool handled = action->sa_handler != SIG_DFL;
    spin_unlock(&handlers->lock);
    self->signals_blocked &= ~bit;
    (void)!signal_queue_add(self->proc, &self->pending, info);
    self->signal_attention = true;
    spin_unlock(&self->proc->lock);
    return handled;
}

void signal_thread_leaves(struct thread *thread) {
    struct proc *proc = thread->proc;
    assert(spin_holding(&proc->lock));
    signal_queue_flush(proc, &thread->pending, UINT64_MAX);
    if (list_empty(&proc->threads))
        signal_queue_flush(proc, &proc->pending, UINT64_MAX);
    else
        signal_offer(thread, proc->pending.set);
}

static bool may_signal(const struct cred *mine, const struct cred *theirs) {
    return !mine->euid || mine->euid == theirs->uid || mine->uid == theirs->uid ||
           mine->euid == theirs->suid || mine->uid == theirs->suid;
}

int signal_permission(struct proc *target, int signal) {
    spin_lock(&target->lock);
    // A zombie takes anything.
    const struct thread *thread = proc_main_thread(target);
    bool allowed = !thread || may_signal(thread_current()->cred, thread->cred);
    spin_unlock(&target->lock);
    // A shell may continue what has changed its user (POSIX kill).
    allowed = allowed ||
              (signal == SIGCONT && target->group->session == proc_current()->group->session);
    return allowed ? 0 : -EPERM;
}
