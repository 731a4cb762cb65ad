// What timers do: they expire, are taken, and are set.
#include <abi/time.h>
#include <proc/interval_timer_internal.h>
#include <riscv/csr.h>
#include <sched/clock.h>
#include <sched/sched.h>

// proc->lock is held.
static uint64_t now_of(const struct interval_timer *timer) {
    return timer->counts_cpu ? cpu_clock_ticks(timer->proc, &timer->cpu_clock) : time_read();
}

// --- expiry; proc->lock is held

static void expire(struct interval_timer *timer) {
    if (timer->sleeper)
        wake_all(timer->sleeper);
    else
        signal_send_queued(timer->proc, timer->tid, &timer->signal);
    timer->wall = 0;
    if (!timer->interval)
        timer->next = 0;
}

// In the timer interrupt.
void interval_timer_real_expire(struct timer *hardware) {
    struct interval_timer *timer = container_of(hardware, struct interval_timer, timer);
    spin_lock(&timer->proc->lock);
    if (timer->wall && timer->next > time_read())
        timer_arm(&timer->timer, timer->next);  // the clock was set back
    else if (timer->next)       // else it is being set, or deleted
        expire(timer);
    spin_unlock(&timer->proc->lock);
}

// A signal that nobody takes any time over must not come again at once: its thread would do nothing
// but forget it.
static uint64_t earliest(int signal) {
    void (*handler)(int) = signal_handler(thread_current(), signal);
    bool ignored = handler == SIG_IGN ||
                   (handler == SIG_DFL && signal_default(signal) == DEFAULT_IGNORE);
    return ignored ? time_read() + sched_quantum : 0;
}

// While its signal is queued the hardware timer is neither armed nor on its way to proc->lock, so
// that arming it here waits for nobody.
void interval_timer_taken(struct interval_timer *timer, siginfo_t *info) {
    timer->overrun = 0;
    if (timer->interval) {
        uint64_t missed = (now_of(timer) - timer->next) / timer->interval;
        timer->overrun = missed < INT32_MAX ? missed : INT32_MAX;
        timer->next += (missed + 1) * timer->interval;
        uint64_t floor = earliest(info->si_signo);
        if (!timer->counts_cpu)
            timer_arm(&timer->timer, timer->next < floor ? floor : timer->next);
    }
    if (timer->id >= 0)
        info->si_overrun = timer->overrun;
}

bool interval_timers_check(struct proc *proc) {
    struct interval_timer *timer;
    bool any = false;
    list_for_each(timer, &proc->timers, node) {
        if (!timer->counts_cpu || !timer->next)
            continue;
        any = true;
        if (!timer->silent && now_of(timer) >= timer->next)
            expire(timer);
    }
    return any;
}

// --- setting; proc->timers_mutex is held

uint64_t interval_timer_left(const struct interval_timer *timer) {
    uint64_t now = now_of(timer);
    if (!timer->next || timer->next > now)
        return timer->next ? timer->next - now : 0;
    return timer->interval ? timer->interval - (now - timer->next) % timer->interval : 0;
}

void interval_timer_disarm(struct interval_timer *timer, struct timer_setting *old) {
    spin_lock(&timer->proc->lock);
    if (old)
        *old = (struct timer_setting){ ticks_to_ns(interval_timer_left(timer)),
                                       ticks_to_ns(timer->interval) };
    timer->next = timer->interval = 0;
    signal_queue_withdraw(timer->proc, &timer->signal);
    spin_unlock(&timer->proc->lock);
    timer_cancel(&timer->timer);
}

// The tick at which a time of the timer's clock comes; not 0.
static uint64_t tick_of(const struct interval_timer *timer, uint64_t ns) {
    uint64_t tick = ns_to_ticks(ns);
    if (timer->clock == CLOCK_REALTIME) {
        tick = clock_realtime_to_ticks(ns);
    } else if (!timer->counts_cpu) {
        tick = clock_monotonic_to_ticks(ns);
    }
    return tick ? tick : 1;
}

static void arm(struct interval_timer *timer, bool absolute, const struct timer_setting *setting) {
    spin_lock(&timer->proc->lock);
    timer->next = absolute ? tick_of(timer, setting->value)
                           : now_of(timer) + ns_to_ticks(setting->value);
    timer->interval = ns_to_ticks(setting->interval);
    timer->wall = absolute && timer->clock == CLOCK_REALTIME ? setting->value : 0;
    timer->overrun = 0;
    if (timer->counts_cpu)
        cpu_time_watch(timer->proc);
    else if (!timer->silent)
        timer_arm(&timer->timer, timer->next);
    spin_unlock(&timer->proc->lock);
}

void interval_timer_change(struct interval_timer *timer, bool absolute,
                           const struct timer_setting *setting, struct timer_setting *old) {
    if (setting) {
        interval_timer_disarm(timer, old);
        if (setting->value)
            arm(timer, absolute, setting);
        return;
    }
    spin_lock(&timer->proc->lock);
    *old = (struct timer_setting){ ticks_to_ns(interval_timer_left(timer)), ticks_to_ns(timer->interval) };
    spin_unlock(&timer->proc->lock);
}

// As in interval_timer_change, the hardware timer is taken off without the lock that its expiry wants. One that expires
// meanwhile waits for no time of the clock any more.
static void clock_set(struct interval_timer *timer) {
    spin_lock(&timer->proc->lock);
    bool waits = timer->next && timer->wall;
    if (waits)
        timer->next = tick_of(timer, timer->wall);
    spin_unlock(&timer->proc->lock);
    if (!waits || timer->silent)
        return;
    timer_cancel(&timer->timer);
    spin_lock(&timer->proc->lock);
    if (timer->next && timer->wall)
        timer_arm(&timer->timer, timer->next);
    spin_unlock(&timer->proc->lock);
}

void interval_timers_clock_set(void) {
    struct interval_timer *timer;
    for (uint32_t pid = 0;;) {
        spin_lock(&proc_tree_lock);
        struct proc *proc = proc_next(&pid);
        if (proc)
            proc_hold(proc);
        spin_unlock(&proc_tree_lock);
        if (!proc)
            break;
        mutex_lock(&proc->timers_mutex);
        list_for_each(timer, &proc->timers, node)
            clock_set(timer);
        mutex_unlock(&proc->timers_mutex);
        proc_put(proc);
    }
}
