#include <abi/errno.h>
#include <abi/wait.h>
#include <proc/internal.h>
#include <proc/wait_child.h>
#include <sched/clock.h>

siginfo_t wait_info(uint32_t pid, uint32_t uid, int status) {
    siginfo_t info = { .si_signo = SIGCHLD };
    info.si_pid = pid;
    info.si_uid = uid;
    if (WIFCONTINUED(status)) {
        info.si_code = CLD_CONTINUED;
        info.si_status = SIGCONT;
    } else if (WIFSTOPPED(status)) {
        info.si_code = CLD_STOPPED;
        info.si_status = WSTOPSIG(status);
    } else {
        info.si_code = WIFEXITED(status) ? CLD_EXITED : CLD_KILLED;
        info.si_status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    }
    return info;
}

void wait_notify(struct proc *child, int status) {
    assert(spin_holding(&proc_tree_lock));
    struct proc *parent = child->parent;
    bool ended = child->state != PROC_ALIVE;
    int signal = ended ? child->exit_signal : SIGCHLD;
    wake_all(&parent->child_exit);
    siginfo_t info = wait_info(child->pid, child->user, status);
    spin_lock(&child->lock);
    struct usage used = usage_of_proc(child, NULL);
    spin_unlock(&child->lock);
    info.si_signo = signal;
    info.si_utime = clock_ticks(used.user_ticks);
    info.si_stime = clock_ticks(used.system_ticks);
    spin_lock(&parent->lock);
    const struct thread *thread = proc_main_thread(parent);
    if (thread && signal) {
        if (ended || !signal_has_flag(thread, SIGCHLD, SA_NOCLDSTOP))
            (void)!signal_send_locked(parent, NULL, &info);
    }
    spin_unlock(&parent->lock);
}

// What the caller asks for.
struct wanted {
    int type, options;
    uint32_t id;
};

static bool child_matches(const struct proc *child, const struct wanted *wanted, uint32_t my_group) {
    // Children that end by another signal than SIGCHLD are for those who ask for them (wait(2)).
    bool by_clone = child->exit_signal != SIGCHLD;
    if (!(wanted->options & __WALL) && by_clone != !!(wanted->options & (int)__WCLONE))
        return false;
    switch (wanted->type) {
    case P_PID: return child->pid == wanted->id;
    case P_PGID: return child->group->id == (wanted->id ? wanted->id : my_group);
    default: return true;
    }
}

// The status that a child has to tell: false if there is none that is asked for.
static bool child_status(struct proc *child, int options, int *status) {
    if (child->state == PROC_ZOMBIE) {
        *status = child->exit_status;
        return options & WEXITED;
    }
    *status = __atomic_load_n(&child->wait_status, __ATOMIC_ACQUIRE);
    return *status && options & (*status == W_CONTINUED ? WCONTINUED : WSTOPPED);
}

// The child that is asked for by its pid, wherever it stands among the others.
static bool child_by_pid(struct proc *self, const struct wanted *wanted, struct proc **found,
                         int *status) {
    struct proc *child = proc_find(wanted->id);
    if (!child || child->parent != self || !child_matches(child, wanted, 0))
        return false;
    if (child_status(child, wanted->options, status))
        *found = child;
    return true;
}

// Looks for a child that has something to tell: *found, or NULL. Does any match? Zombies stand before
// those that live, so who asks for nothing else does not look through all of these.
static bool children_scan(struct proc *self, const struct wanted *wanted, struct proc **found,
                          int *status) {
    bool only_dead = !(wanted->options & (WSTOPPED | WCONTINUED)), any = false;
    struct proc *child;
    *found = NULL;
    if (wanted->type == P_PID)
        return child_by_pid(self, wanted, found, status);
    list_for_each(child, &self->children, sibling) {
        if (!child_matches(child, wanted, self->group->id))
            continue;
        any = true;
        if (child_status(child, wanted->options, status))
            *found = child;
        if (*found || (only_dead && child->state == PROC_ALIVE))
            break;
    }
    return any;
}

static void child_reap(struct proc *self, struct proc *child, const struct usage *used) {
    usage_add(&self->children_used, used);
    child->state = PROC_REAPED;
    proc_unpublish(child);
    proc_put(child);
}

static void child_tell(struct proc *self, struct proc *child, int options,
                       struct wait_result *result) {
    struct usage used = child->used;
    int status = result->status;
    usage_add(&used, &child->children_used);
    result->pid = child->pid;
    result->uid = child->user;
    result->used = used;
    if (options & WNOWAIT)
        return;
    if (child->state == PROC_ZOMBIE)
        child_reap(self, child, &used);
    else        // unless there is something new already
        __atomic_compare_exchange_n(&child->wait_status, &status, 0, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_RELAXED);
}

int proc_wait(int type, uint32_t id, int options, struct wait_result *result) {
    const int known = WNOHANG | WSTOPPED | WEXITED | WCONTINUED | WNOWAIT | __WALL | __WNOTHREAD;
    struct wanted wanted = { type, options, id };
    if (options & ~(known | (int)__WCLONE) || !(options & (WSTOPPED | WEXITED | WCONTINUED)))
        return -EINVAL;
    struct proc *self = proc_current(), *child;
    bool any;
    int error = 0;
    *result = (struct wait_result){ 0 };
    spin_lock(&proc_tree_lock);
    if (options & WNOHANG)
        any = children_scan(self, &wanted, &child, &result->status);
    else
        error = wait_event_interruptible(
            &self->child_exit,
            !(any = children_scan(self, &wanted, &child, &result->status)) || child,
            &proc_tree_lock);
    if (!error && child)
        child_tell(self, child, options, result);
    else if (!error && !any)
        error = -ECHILD;
    spin_unlock(&proc_tree_lock);
    return error;
}
