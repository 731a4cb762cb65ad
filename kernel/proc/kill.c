#include <abi/errno.h>
#include <proc/internal.h>
#include <proc/kill.h>
#include <proc/signal.h>

static int kill_one(struct proc *target, const siginfo_t *info) {
    int error = signal_permission(target, info->si_signo);
    if (!error && info->si_signo)
        error = signal_send(target, NULL, info);
    return error;
}

// POSIX: success if at least one could be signalled.
static int combine(int so_far, int error) {
    if (so_far == -ESRCH || !error)
        return error;
    return so_far;
}

static int kill_group(struct process_group *group, const siginfo_t *info) {
    int result = -ESRCH;
    struct proc *member;
    if (group)
        list_for_each(member, &group->members, group_node)
            result = combine(result, kill_one(member, info));
    return result;
}

// All but the first process and the caller.
static int kill_all(const siginfo_t *info) {
    int result = -ESRCH;
    uint32_t pid = 2;
    struct proc *target;
    while ((target = proc_next(&pid)))
        if (target != proc_current())
            result = combine(result, kill_one(target, info));
    return result;
}

static bool is_signal(int signal) { return signal >= 0 && signal <= SIGNAL_COUNT; }

int proc_kill(int64_t which, const siginfo_t *info) {
    if (!is_signal(info->si_signo))
        return -EINVAL;
    int result;
    spin_lock(&proc_tree_lock);
    if (which > 0) {
        struct proc *target = proc_find(which);
        result = target ? kill_one(target, info) : -ESRCH;
    } else if (which == -1) {
        result = kill_all(info);
    } else {
        result = kill_group(which ? group_find(-which) : proc_current()->group, info);
    }
    spin_unlock(&proc_tree_lock);
    return result;
}

// The process whose thread `tid` is, or NULL. proc_tree_lock held.
static struct proc *proc_of_thread(uint32_t tid) {
    struct thread *thread = thread_find_locked(tid);
    if (!thread)
        return NULL;
    struct proc *proc = thread->proc;
    spin_unlock(&proc->lock);
    return proc;
}

static int send_to_thread(uint32_t tid, const siginfo_t *info) {
    struct thread *thread = thread_find_locked(tid);
    if (!thread)
        return -ESRCH;
    struct proc *proc = thread->proc;
    int error = info->si_signo ? signal_send_locked(proc, thread, info) : 0;
    spin_unlock(&proc->lock);
    return error;
}

int proc_kill_thread(uint32_t pid, uint32_t tid, const siginfo_t *info) {
    if (!is_signal(info->si_signo))
        return -EINVAL;
    spin_lock(&proc_tree_lock);
    struct proc *proc = proc_of_thread(tid);
    int error = proc && (!pid || proc->pid == pid) ? signal_permission(proc, info->si_signo) : -ESRCH;
    if (!error)
        error = send_to_thread(tid, info);
    spin_unlock(&proc_tree_lock);
    return error;
}

int64_t process_ids(int64_t pid, bool session) {
    if (pid < 0)
        return -ESRCH;
    spin_lock(&proc_tree_lock);
    struct proc *proc = pid ? proc_find(pid) : proc_current();
    int64_t id = -ESRCH;
    if (proc)
        id = session ? proc->group->session->id : proc->group->id;
    spin_unlock(&proc_tree_lock);
    return id;
}
