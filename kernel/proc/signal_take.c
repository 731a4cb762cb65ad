// What a thread does with its signals on its way to user mode.
#include <abi/syscall.h>
#include <abi/errno.h>
#include <debug/log.h>
#include <proc/cpu_time.h>
#include <proc/exit.h>
#include <proc/internal.h>
#include <proc/stop.h>
#include <proc/thread_group.h>

// A call that a signal ends passes here while the frame still holds its first argument.
static bool interrupted(struct thread *self) {
    self->call_a0 = self->frame->a0;
    self->signal_attention = true;
    return true;
}

static bool any_fatal(const struct thread *self, uint64_t signals) {
    for (; signals; signals &= signals - 1) {
        int signal = __builtin_ctzl(signals) + 1;
        if (signal_handler(self, signal) == SIG_DFL && signal_default(signal) == DEFAULT_END)
            return true;
    }
    return false;
}

static bool signal_check(enum wait_mode mode) {
    struct thread *self = thread_current();
    if (!self->proc || mode <= WAIT_UNINTERRUPTIBLE)
        return false;
    uint64_t signals = signal_deliverable(self);
    bool ends = mode == WAIT_KILLABLE ? any_fatal(self, signals)
                                      : signals || self->proc->stop_signal;
    return ends && interrupted(self);
}

int signal_interrupts(void) {
    interrupted(thread_current());
    return -EINTR;
}

void signal_init(void) { thread_signal_check = signal_check; }

// The system call that was interrupted runs again, or fails; `action` is the handler that runs
// first, NULL if none does. Only once: afterwards the frame is no longer a call's.
static void call_finish(struct trap_frame *frame, const struct sigaction *action) {
    if (frame->cause != EXC_ECALL_U)
        return;
    bool again = !action;
    switch (-(int64_t)frame->a0) {
    case EINTR:
        again = !action || action->sa_flags & SA_RESTART;
        break;
    case ERESTART_ALWAYS:
        again = true;
        break;
    case ERESTART_SLEEP:
        if (again)
            frame->a7 = SYS_restart_syscall;
        break;
    case ERESTART_NEVER:
        again = false;
        break;
    case ERESTART_NO_HANDLER:
        break;
    default:
        return;
    }
    frame->cause = FRAME_NO_CALL;
    if (again) {
        frame->a0 = thread_current()->call_a0;
        frame->pc -= 4;             // the ecall
    } else {
        frame->a0 = -EINTR;
    }
}

// The thread's own go first. The lock is held.
static bool take_one_of(struct thread *self, uint64_t wanted, siginfo_t *info) {
    struct proc *proc = self->proc;
    return signal_queue_take(proc, &self->pending, wanted, info) ||
           signal_queue_take(proc, &proc->pending, wanted, info);
}

// The next signal that is not blocked, with its action: false if there is none. SIGKILL goes before all
// others: the process might stop by them.
static bool next_signal(struct thread *self, siginfo_t *info, struct sigaction *action) {
    struct proc *proc = self->proc;
    spin_lock(&proc->lock);
    bool got = take_one_of(self, SIGNAL_BIT(SIGKILL), info) ||
               take_one_of(self, ~self->signals_blocked, info);
    if (got) {
        *action = signal_action_get(self, info->si_signo);
        if (SIGNAL_BIT(info->si_signo) & SIGNALS_THAT_STOP)
            proc->stop_allowed = true;
    }
    spin_unlock(&proc->lock);
    return got;
}

static void default_action(int signal) {
    switch (signal_default(signal)) {
    case DEFAULT_END: proc_exit(signal);
    case DEFAULT_STOP: stop_begin(signal); break;
    case DEFAULT_IGNORE: break;
    }
}

// What the stack has no room for ends the process, unless SIGSEGV has a handler on another.
static void frame_failed(const struct trap_frame *frame, int signal) {
    struct proc *self = proc_current();
    log_warning("pid %u (%s): no room for the handler of signal %d at sp 0x%lx", self->pid,
              self->name, signal, frame->sp);
    if (signal == SIGSEGV)
        proc_exit(SIGSEGV);
    siginfo_t info = { .si_signo = SIGSEGV, .si_code = SI_KERNEL };
    (void)!signal_force(&info);
}

static void handler_enter(struct trap_frame *frame, const siginfo_t *info,
                          const struct sigaction *action) {
    struct thread *self = thread_current();
    int signal = info->si_signo;
    call_finish(frame, action);
    uint64_t mask = self->mask_saved ? self->signals_saved : self->signals_blocked;
    self->mask_saved = false;
    if (!signal_frame_push(frame, action, info, mask)) {
        signal_mask_set(mask);
        frame_failed(frame, signal);
        return;
    }
    uint64_t blocked = self->signals_blocked | action->sa_mask.bits;
    if (!(action->sa_flags & SA_NODEFER))
        blocked |= SIGNAL_BIT(signal);
    signal_mask_set(blocked);
}

static void reset_once(struct signal_handlers *handlers, int signal) {
    spin_lock(&handlers->lock);
    handlers->actions[signal - 1].sa_handler = SIG_DFL;
    spin_unlock(&handlers->lock);
}

// Handlers are entered one on top of the other: the last one taken runs first.
void signal_take(struct trap_frame *frame) {
    struct thread *self = thread_current();
    siginfo_t info;
    struct sigaction action;
    // First, so that a signal that comes now is seen in the next round: a mark set after what is read below
    // must not be overtaken by this.
    __atomic_store_n(&self->signal_attention, false, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (self->cpu_timed)
        cpu_time_check();
    for (;;) {
        if (group_is_ending())
            thread_end(0);
        if (self->proc->stop_signal)
            stop_rest();
        if (!next_signal(self, &info, &action))
            break;
        if (action.sa_handler == SIG_DFL) {
            default_action(info.si_signo);
        } else if (action.sa_handler != SIG_IGN) {
            if (action.sa_flags & SA_RESETHAND)
                reset_once(self->handlers, info.si_signo);
            handler_enter(frame, &info, &action);
        }
    }
    call_finish(frame, NULL);
    signal_mask_restore();
}
