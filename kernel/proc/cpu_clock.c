// The clocks of CPU time.
#include <abi/errno.h>
#include <abi/time.h>
#include <proc/cpu_time.h>
#include <proc/internal.h>

bool cpu_clock_decode(int id, struct cpu_clock *clock) {
    enum { ALL = 0, USER = 1, RUN = 2, KIND = 3, THREAD = 4 };
    if (id == CLOCK_PROCESS_CPUTIME_ID || id == CLOCK_THREAD_CPUTIME_ID)
        *clock = (struct cpu_clock){ .of_thread = id == CLOCK_THREAD_CPUTIME_ID };
    else
        *clock = (struct cpu_clock){ ~(id >> 3), id & THREAD, (id & KIND) == USER };
    return id == CLOCK_PROCESS_CPUTIME_ID || id == CLOCK_THREAD_CPUTIME_ID ||
           (id < 0 && (id & KIND) != KIND);
}

static uint64_t thread_ticks(const struct thread *thread, bool user_only) {
    uint64_t ticks = 0;
    struct usage used = usage_of_thread(thread, &ticks);
    return user_only ? used.user_ticks : ticks;
}

uint64_t cpu_clock_ticks(struct proc *proc, const struct cpu_clock *clock) {
    if (!clock->of_thread)
        return proc_cpu_ticks(proc, clock->user_only);
    const struct thread *thread = proc_thread(proc, clock->id);
    return thread ? thread_ticks(thread, clock->user_only) : 0;
}

int cpu_clock_claim(struct cpu_clock *clock) {
    struct thread *self = thread_current();
    if (!clock->id)
        clock->id = clock->of_thread ? self->tid : self->proc->pid;
    bool own = clock->of_thread ? proc_has_thread(clock->id) : clock->id == self->proc->pid;
    return own ? 0 : -EINVAL;
}

int cpu_clock_read(const struct cpu_clock *clock, uint64_t *ticks) {
    struct cpu_clock claimed = *clock;
    struct proc *proc = proc_current();
    spin_lock(&proc_tree_lock);
    if (cpu_clock_claim(&claimed))
        proc = clock->of_thread ? NULL : proc_find(clock->id);
    if (proc) {
        spin_lock(&proc->lock);
        *ticks = cpu_clock_ticks(proc, &claimed);
        spin_unlock(&proc->lock);
    }
    spin_unlock(&proc_tree_lock);
    return proc ? 0 : -EINVAL;
}
