// Limits of processes: reading and setting them.
#include <abi/errno.h>
#include <fs/cred.h>
#include <mm/space.h>
#include <proc/cpu_time.h>
#include <proc/internal.h>
#include <proc/limit.h>

// Root may, and who is its real, effective and saved user and group (prlimit(2)).
static bool may_change(struct proc *proc) {
    const struct cred *mine = thread_current()->cred;
    if (proc == proc_current() || !mine->euid)
        return true;
    spin_lock(&proc->lock);
    const struct thread *thread = proc_main_thread(proc);
    const struct cred *theirs = thread ? thread->cred : NULL;
    bool may = theirs && mine->uid == theirs->uid && mine->uid == theirs->euid &&
               mine->uid == theirs->suid && mine->gid == theirs->gid &&
               mine->gid == theirs->egid && mine->gid == theirs->sgid;
    spin_unlock(&proc->lock);
    return may;
}

// Raising the hard one is root's.
static int limit_change(struct rlimit *limit, const struct rlimit *wanted) {
    if (wanted->rlim_cur > wanted->rlim_max)
        return -EINVAL;
    if (wanted->rlim_max > limit->rlim_max && thread_current()->cred->euid)
        return -EPERM;
    *limit = *wanted;
    return 0;
}

// Some limits are looked at where nobody knows processes, or not at each step.
static void limit_apply(struct proc *proc, uint32_t resource, uint64_t limit) {
    spin_lock(&proc->lock);
    const struct thread *thread = proc_main_thread(proc);
    struct space *space = thread ? thread->space : NULL;
    if (space && resource == RLIMIT_STACK)
        space->stack_limit = page_floor(limit);
    if (space && resource == RLIMIT_RSS)
        space->page_limit = limit / PAGE_SIZE;
    if (resource == RLIMIT_CPU)
        cpu_time_watch(proc);
    spin_unlock(&proc->lock);
}

int limit_exchange(uint32_t pid, uint32_t resource, const struct rlimit *wanted,
                   struct rlimit *old) {
    spin_lock(&proc_tree_lock);
    struct proc *proc = pid ? proc_find(pid) : proc_current();
    int error = !proc ? -ESRCH : !may_change(proc) ? -EPERM : 0;
    if (!error)
        *old = proc->limits[resource];
    if (!error && wanted)
        error = limit_change(&proc->limits[resource], wanted);
    if (!error && wanted)
        limit_apply(proc, resource, wanted->rlim_cur);
    spin_unlock(&proc_tree_lock);
    return error;
}
