#include <abi/errno.h>
#include <abi/resource.h>
#include <abi/sched.h>
#include <fs/cred.h>
#include <proc/futex_pi.h>
#include <proc/internal.h>
#include <proc/scheduling.h>
#include <sched/sched.h>

bool scheduling_range(int scheduling, int *least, int *most) {
    bool real_time = scheduling == SCHED_FIFO || scheduling == SCHED_RR;
    *least = real_time ? 1 : 0;
    *most = real_time ? 99 : 0;
    return real_time || scheduling == SCHED_OTHER || scheduling == SCHED_BATCH ||
           scheduling == SCHED_IDLE;
}

// The thread, held in place by proc_tree_lock and its process's lock; NULL: there is none.
static struct thread *find_lock(uint32_t tid) {
    spin_lock(&proc_tree_lock);
    struct thread *thread = thread_find_locked(tid ? tid : thread_current()->tid);
    if (!thread)
        spin_unlock(&proc_tree_lock);
    return thread;
}

static void unlock(struct thread *thread) {
    spin_unlock(&thread->proc->lock);
    spin_unlock(&proc_tree_lock);
}

static bool is_mine(const struct thread *thread) {
    const struct cred *mine = thread_current()->cred, *theirs = thread->cred;
    return !mine->euid || mine->euid == theirs->uid || mine->euid == theirs->euid;
}

// Root may ask for anything; others for what they have, or as much as the limit says.
static bool may_have(const struct thread *thread, int real_time) {
    return is_mine(thread) &&
           (!thread_current()->cred->euid || real_time <= thread->real_time ||
            (uint64_t)real_time <= thread->proc->limits[RLIMIT_RTPRIO].rlim_cur);
}

// Classes that go before or after all others mean something only where somebody goes before all others.
static bool has_class(int scheduling) {
    return sched_policy()->strict || scheduling == SCHED_OTHER || scheduling == SCHED_BATCH;
}

int scheduling_set(uint32_t tid, int scheduling, int real_time) {
    struct thread *thread = find_lock(tid);
    if (!thread)
        return -ESRCH;
    if (scheduling == SCHEDULING_KEEP)
        scheduling = thread->scheduling;
    int least, most, error = 0;
    if (!scheduling_range(scheduling, &least, &most) || real_time < least || real_time > most ||
        !has_class(scheduling))
        error = -EINVAL;
    else if (!may_have(thread, real_time))
        error = -EPERM;
    if (!error) {
        thread_set_scheduling(thread, scheduling, real_time, thread->nice);
        futex_pi_reorder(thread);
    }
    unlock(thread);
    return error;
}

int scheduling_get(uint32_t tid, int *scheduling, int *real_time) {
    struct thread *thread = find_lock(tid);
    if (!thread)
        return -ESRCH;
    *scheduling = thread->scheduling;
    *real_time = thread->real_time;
    unlock(thread);
    return 0;
}

static uint64_t online(void) {
    uint64_t mask = 0;
    for (uint32_t i = 0; i < hart_count; i++)
        mask |= (uint64_t)harts[i].online << i;
    return mask;
}

// A mask of all harts is stored as "anywhere".
int affinity_set(uint32_t tid, uint64_t mask) {
    mask &= online();
    if (!mask)
        return -EINVAL;
    struct thread *thread = find_lock(tid);
    if (!thread)
        return -ESRCH;
    bool mine = is_mine(thread);
    if (mine)
        thread_set_affinity(thread, mask == online() ? AFFINITY_ALL : (uint32_t)mask);
    unlock(thread);
    return mine ? 0 : -EPERM;
}

int affinity_get(uint32_t tid, uint64_t *mask) {
    struct thread *thread = find_lock(tid);
    if (!thread)
        return -ESRCH;
    *mask = thread->affinity & online();
    unlock(thread);
    return 0;
}
