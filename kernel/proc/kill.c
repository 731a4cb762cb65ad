#include <abi/errno.h>
#include <proc/internal.h>
#include <proc/kill.h>
#include <proc/signal.h>

static int kill_one(struct proc *target, int signal) {
    int error = signal_permission(target);
    if (!error && signal)
        proc_signal(target, signal);
    return error;
}

// POSIX: success if at least one could be signalled.
static int combine(int so_far, int error) {
    if (so_far == -ESRCH || !error)
        return error;
    return so_far;
}

static int kill_group(struct process_group *group, int signal) {
    int result = -ESRCH;
    struct proc *member;
    if (group)
        list_for_each(member, &group->members, group_node)
            result = combine(result, kill_one(member, signal));
    return result;
}

// All but the first process and the caller.
static int kill_all(int signal) {
    int result = -ESRCH;
    uint32_t pid = 2;
    struct proc *target;
    while ((target = proc_next(&pid)))
        if (target != proc_current())
            result = combine(result, kill_one(target, signal));
    return result;
}

int proc_kill(int64_t which, int signal) {
    if (signal < 0 || signal > SIGNAL_COUNT)
        return -EINVAL;
    int result;
    spin_lock(&proc_tree_lock);
    if (which > 0) {
        struct proc *target = proc_find(which);
        result = target ? kill_one(target, signal) : -ESRCH;
    } else if (which == -1) {
        result = kill_all(signal);
    } else {
        result = kill_group(which ? group_find(-which) : proc_current()->group, signal);
    }
    spin_unlock(&proc_tree_lock);
    return result;
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
