// System calls on signals.
#include <abi/errno.h>
#include <abi/signal.h>
#include <fs/cred.h>
#include <proc/kill.h>
#include <proc/proc.h>
#include <proc/signal.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>
#include <syscall/user_time.h>

// --- sending

long sys_kill(struct trap_frame *call) {
    siginfo_t info = signal_info_user(call->a1, SI_USER);
    return proc_kill((int)call->a0, &info);
}

long sys_tgkill(struct trap_frame *call) {
    siginfo_t info = signal_info_user(call->a2, SI_TKILL);
    if ((int)call->a0 <= 0 || (int)call->a1 <= 0)
        return -EINVAL;
    return proc_kill_thread(call->a0, call->a1, &info);
}

long sys_tkill(struct trap_frame *call) {
    siginfo_t info = signal_info_user(call->a1, SI_TKILL);
    return (int)call->a0 <= 0 ? -EINVAL : proc_kill_thread(0, call->a0, &info);
}

// The sender's own words, but nobody may pass as kill or the kernel.
static int info_copy_in(uint64_t user, int signal, uint32_t target, siginfo_t *info) {
    if (copy_in(info, user, sizeof *info))
        return -EFAULT;
    info->si_signo = signal;
    bool claims = info->si_code >= 0 || info->si_code == SI_TKILL;
    return claims && target != proc_current()->pid ? -EPERM : 0;
}

long sys_rt_sigqueueinfo(struct trap_frame *call) {
    siginfo_t info;
    int error = info_copy_in(call->a2, call->a1, call->a0, &info);
    if (error)
        return error;
    return (int)call->a0 <= 0 ? -ESRCH : proc_kill((int)call->a0, &info);
}

long sys_rt_tgsigqueueinfo(struct trap_frame *call) {
    siginfo_t info;
    if ((int)call->a0 <= 0 || (int)call->a1 <= 0)
        return -EINVAL;
    int error = info_copy_in(call->a3, call->a2, call->a0, &info);
    return error ? error : proc_kill_thread(call->a0, call->a1, &info);
}

// --- actions, masks, stacks

long sys_rt_sigaction(struct trap_frame *call) {
    uint64_t from = call->a1, to = call->a2;
    struct sigaction action, old;
    if (call->a3 != SIGSET_SIZE)
        return -EINVAL;
    if (from && copy_in(&action, from, sizeof action))
        return -EFAULT;
    int error = signal_action(call->a0, from ? &action : NULL, &old);
    if (error)
        return error;
    return to && copy_out(to, &old, sizeof old) ? -EFAULT : 0;
}

static int mask_change(uint64_t how, uint64_t set) {
    uint64_t blocked = thread_current()->signals_blocked;
    switch (how) {
    case SIG_BLOCK: blocked |= set; break;
    case SIG_UNBLOCK: blocked &= ~set; break;
    case SIG_SETMASK: blocked = set; break;
    default: return -EINVAL;
    }
    signal_mask_set(blocked);
    return 0;
}

long sys_rt_sigprocmask(struct trap_frame *call) {
    uint64_t set, old = thread_current()->signals_blocked;
    uint64_t from = call->a1, to = call->a2;
    if (call->a3 != SIGSET_SIZE)
        return -EINVAL;
    if (from) {
        if (copy_in(&set, from, sizeof set))
            return -EFAULT;
        int error = mask_change(call->a0, set);
        if (error)
            return error;
    }
    return to && copy_out(to, &old, sizeof old) ? -EFAULT : 0;
}

long sys_rt_sigpending(struct trap_frame *call) {
    const struct thread *self = thread_current();
    uint64_t pending = (self->pending.set | self->proc->pending.set) & self->signals_blocked;
    if (call->a1 > SIGSET_SIZE)
        return -EINVAL;
    return copy_out(call->a0, &pending, call->a1) ? -EFAULT : 0;
}

long sys_sigaltstack(struct trap_frame *call) {
    uint64_t from = call->a0, to = call->a1;
    stack_t stack, old = signal_stack_get();
    if (from) {
        if (copy_in(&stack, from, sizeof stack))
            return -EFAULT;
        int error = signal_stack_set(&stack);
        if (error)
            return error;
    }
    return to && copy_out(to, &old, sizeof old) ? -EFAULT : 0;
}

// The result is the a0 that the handler interrupted.
long sys_rt_sigreturn(struct trap_frame *call) {
    signal_frame_pop(call);
    return call->a0;
}

// --- waiting

long sys_rt_sigsuspend(struct trap_frame *call) {
    uint64_t mask;
    if (call->a1 != SIGSET_SIZE)
        return -EINVAL;
    if (copy_in(&mask, call->a0, sizeof mask))
        return -EFAULT;
    return signal_suspend(mask);
}

long sys_rt_sigtimedwait(struct trap_frame *call) {
    uint64_t set, deadline = DEADLINE_NONE, ns;
    siginfo_t info;
    if (call->a3 != SIGSET_SIZE)
        return -EINVAL;
    if (copy_in(&set, call->a0, sizeof set))
        return -EFAULT;
    int error = call->a2 ? timespec_copy_in(call->a2, &ns) : 0;
    if (error)
        return error;
    if (call->a2)
        deadline = deadline_after(ns);
    int signal = signal_await(set, deadline, &info);
    if (signal > 0 && call->a1 && copy_out(call->a1, &info, sizeof info))
        return -EFAULT;
    return signal;
}
