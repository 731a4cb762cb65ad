#include <proc/cpu_time.h>
#include <proc/internal.h>
#include <proc/interval_timer.h>
#include <sched/clock.h>

uint64_t proc_cpu_ticks(const struct proc *proc, bool user) {
    uint64_t ticks = 0;
    struct usage used = usage_of_proc(proc, &ticks);
    return user ? used.user_ticks : ticks;
}

void cpu_time_watch(struct proc *proc) {
    struct thread *thread;
    list_for_each(thread, &proc->threads, proc_node)
        thread->cpu_timed = true;
}

// SIGXCPU each second from the soft limit on, SIGKILL at the hard one. Is there a limit?
static bool limit_check(struct proc *self) {
    const struct rlimit *limit = &self->limits[RLIMIT_CPU];
    if (limit->rlim_cur == RLIM_INFINITY)
        return false;
    uint64_t seconds = ticks_to_ns(proc_cpu_ticks(self, false)) / NS_PER_SECOND;
    siginfo_t info = { .si_signo = seconds >= limit->rlim_max ? SIGKILL : SIGXCPU,
                       .si_code = SI_KERNEL };
    if (seconds >= limit->rlim_cur && seconds != self->cpu_warned)
        (void)!signal_send_locked(self, NULL, &info);
    self->cpu_warned = seconds;
    return true;
}

void cpu_time_check(void) {
    struct proc *self = proc_current();
    spin_lock(&self->lock);
    bool limited = limit_check(self), timed = interval_timers_check(self);
    thread_current()->cpu_timed = limited || timed;
    spin_unlock(&self->lock);
}
