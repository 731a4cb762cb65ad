// Sleeping until a clock of CPU time shows a time: a timer that wakes instead of sending a signal.
#include <abi/errno.h>
#include <proc/interval_timer_internal.h>
#include <sched/clock.h>

static void list_change(struct interval_timer *timer, bool join) {
    struct proc *proc = timer->proc;
    mutex_lock(&proc->timers_mutex);
    spin_lock(&proc->lock);
    if (join)
        list_push_back(&proc->timers, &timer->node);
    else
        list_remove(&timer->node);
    spin_unlock(&proc->lock);
    mutex_unlock(&proc->timers_mutex);
}

int cpu_clock_sleep(const struct cpu_clock *clock, uint64_t until, uint64_t *left) {
    struct thread *self = thread_current();
    struct wait_queue queue = WAIT_QUEUE_INIT(queue, "CPU time");
    struct interval_timer timer = { .proc = self->proc, .id = SLEEPER_ID, .counts_cpu = true,
                                    .cpu_clock = *clock, .sleeper = &queue, .next = until };
    if (cpu_clock_claim(&timer.cpu_clock) || (clock->of_thread && timer.cpu_clock.id == self->tid))
        return -EINVAL;
    list_change(&timer, true);
    spin_lock(&self->proc->lock);
    cpu_time_watch(self->proc);
    // What has passed before it came is for itself to see.
    if (cpu_clock_ticks(timer.proc, &timer.cpu_clock) >= until)
        timer.next = 0;
    int error = wait_event_interruptible(&queue, !timer.next, &self->proc->lock);
    *left = interval_timer_left(&timer);
    spin_unlock(&self->proc->lock);
    list_change(&timer, false);
    return error;
}
