// How nice threads are: getpriority and setpriority. As on Linux it is each thread's own.
#include <abi/errno.h>
#include <abi/resource.h>
#include <fs/cred.h>
#include <proc/futex_pi.h>
#include <proc/internal.h>
#include <proc/priority.h>

#define NICE_LEAST (-20)
#define NICE_MOST 19

// One who is asked for, with its process's lock held.
typedef void (*visitor)(struct thread *thread, void *context);

static void visit_threads(struct proc *proc, visitor visit, void *context) {
    struct thread *thread;
    spin_lock(&proc->lock);
    list_for_each(thread, &proc->threads, proc_node)
        visit(thread, context);
    spin_unlock(&proc->lock);
}

static void visit_thread(uint32_t tid, visitor visit, void *context) {
    struct thread *thread = thread_find_locked(tid);
    if (!thread)
        return;
    visit(thread, context);
    spin_unlock(&thread->proc->lock);
}

static void visit_user(uint32_t uid, visitor visit, void *context) {
    struct proc *proc;
    uint32_t pid = 0;
    while ((proc = proc_next(&pid)))
        if (proc->user == uid)
            visit_threads(proc, visit, context);
}

static void visit_group(struct process_group *group, visitor visit, void *context) {
    struct proc *proc;
    if (group)
        list_for_each(proc, &group->members, group_node)
            visit_threads(proc, visit, context);
}

// Visits whom `which` and `who` (0: the caller's) name. False: `which` is unknown.
static bool visit_all(int which, uint32_t who, visitor visit, void *context) {
    struct proc *self = proc_current();
    spin_lock(&proc_tree_lock);
    if (which == PRIO_PROCESS) {
        visit_thread(who ? who : thread_current()->tid, visit, context);
    } else if (which == PRIO_PGRP) {
        visit_group(who ? group_find(who) : self->group, visit, context);
    } else if (which == PRIO_USER) {
        visit_user(who ? who : thread_current()->cred->uid, visit, context);
    }
    spin_unlock(&proc_tree_lock);
    return which == PRIO_PROCESS || which == PRIO_PGRP || which == PRIO_USER;
}

static void note_best(struct thread *thread, void *best) {
    if (thread->nice < *(int *)best)
        *(int *)best = thread->nice;
}

long priority_get(int which, uint32_t who) {
    int best = NICE_MOST + 1;
    if (!visit_all(which, who, note_best, &best))
        return -EINVAL;
    return best > NICE_MOST ? -ESRCH : 20 - best;
}

struct change {
    int nice, error;
};

// POSIX setpriority: one's own user's only; and less nice than now is root's, or RLIMIT_NICE's.
static void change_one(struct thread *thread, void *context) {
    struct change *change = context;
    const struct cred *mine = thread_current()->cred, *theirs = thread->cred;
    bool root = !mine->euid;
    if (change->error == -ESRCH)
        change->error = 0;
    if (!root && mine->euid != theirs->uid && mine->euid != theirs->euid)
        change->error = -EPERM;
    else if (!root && change->nice < thread->nice &&
             (uint64_t)(20 - change->nice) > thread->proc->limits[RLIMIT_NICE].rlim_cur)
        change->error = -EACCES;
    else {
        thread_set_scheduling(thread, thread->scheduling, thread->real_time, change->nice);
        futex_pi_reorder(thread);
    }
}

int priority_set(int which, uint32_t who, int nice) {
    struct change change = { nice < NICE_LEAST  ? NICE_LEAST
                             : nice > NICE_MOST ? NICE_MOST
                                                : nice, -ESRCH };
    return visit_all(which, who, change_one, &change) ? change.error : -EINVAL;
}
