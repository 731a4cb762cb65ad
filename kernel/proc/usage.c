#include <abi/errno.h>
#include <mm/space.h>
#include <proc/internal.h>
#include <sched/account.h>
#include <sched/clock.h>

static uint64_t most(const struct space *space) {
    return space->pages > space->pages_most ? space->pages : space->pages_most;
}

static void at_least(uint64_t *value, uint64_t floor) {
    if (*value < floor)
        *value = floor;
}

// Without a lock: for the calling thread.
static struct usage charged_to(const struct thread *thread) {
    return (struct usage){ thread->user_ticks, thread->system_ticks, thread->faults,
                           thread->faults_major, thread->switches_voluntary,
                           thread->switches_involuntary, 0 };
}

struct usage usage_of_thread(const struct thread *thread, uint64_t *ticks) {
    struct thread_times times = thread_times(thread);
    struct usage used = charged_to(thread);
    used.user_ticks = times.user;
    used.system_ticks = times.system;
    if (ticks)
        *ticks += times.user + times.system + times.pending;
    return used;
}

void usage_add(struct usage *to, const struct usage *more) {
    to->user_ticks += more->user_ticks;
    to->system_ticks += more->system_ticks;
    to->faults += more->faults;
    to->faults_major += more->faults_major;
    to->voluntary += more->voluntary;
    to->involuntary += more->involuntary;
    at_least(&to->pages_most, more->pages_most);
}

struct usage usage_of_proc(const struct proc *proc, uint64_t *ticks) {
    const struct thread *thread;
    struct usage all = proc->used;
    if (ticks)
        *ticks += all.user_ticks + all.system_ticks;
    list_for_each(thread, &proc->threads, proc_node) {
        struct usage used = usage_of_thread(thread, ticks);
        if (thread->space)
            used.pages_most = most(thread->space);
        usage_add(&all, &used);
    }
    return all;
}

struct usage usage_of_caller(void) {
    struct proc *self = proc_current();
    account_self();
    spin_lock(&self->lock);
    struct usage used = usage_of_proc(self, NULL);
    spin_unlock(&self->lock);
    return used;
}

struct usage usage_of_calling_thread(void) {
    account_self();
    struct usage used = usage_of_thread(thread_current(), NULL);
    used.pages_most = usage_of_caller().pages_most;     // memory is the process's
    return used;
}

struct usage usage_of_children(void) {
    spin_lock(&proc_tree_lock);
    struct usage used = proc_current()->children_used;
    spin_unlock(&proc_tree_lock);
    return used;
}

void usage_thread_leaves(struct proc *proc, struct thread *thread) {
    account_self();
    struct usage used = charged_to(thread);
    usage_add(&proc->used, &used);
    thread->user_ticks = thread->system_ticks = thread->faults = thread->faults_major = 0;
    thread->switches_voluntary = thread->switches_involuntary = 0;
}

void usage_space_leaves(struct proc *proc, const struct space *space) {
    at_least(&proc->used.pages_most, most(space));
}

static struct timeval timeval_of(uint64_t ticks) {
    uint64_t us = ticks_to_ns(ticks) / 1000;
    return (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
}

struct rusage usage_show(const struct usage *used) {
    return (struct rusage){
        .ru_utime = timeval_of(used->user_ticks), .ru_stime = timeval_of(used->system_ticks),
        .ru_maxrss = used->pages_most * (PAGE_SIZE / 1024),
        .ru_minflt = used->faults - used->faults_major, .ru_majflt = used->faults_major,
        .ru_nvcsw = used->voluntary, .ru_nivcsw = used->involuntary,
    };
}
