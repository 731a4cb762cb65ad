#include <abi/errno.h>
#include <abi/time.h>
#include <mm/heap.h>
#include <proc/cpu_time.h>
#include <proc/internal.h>
#include <proc/interval_timer.h>
#include <riscv/csr.h>
#include <sched/clock.h>
#include <sched/sched.h>

struct interval_timer {
    struct queued_signal signal;
    struct timer timer;         // runs while it is armed and its clock is the world's
    struct proc *proc;
    struct list node;           // on proc->timers; that list: proc->timers_mutex, proc->lock to change
    int id;                     // below 0: setitimer's
    int clock;
    bool silent;                // SIGEV_NONE
    uint32_t tid;               // whom SIGEV_THREAD_ID names, else 0
    uint32_t counted;           // whose time CLOCK_THREAD_CPUTIME_ID is
    int overrun;
    uint64_t next;              // ticks of its clock when it expires; 0: it is not armed
    uint64_t interval;          // ticks
    uint64_t wall;              // the time of CLOCK_REALTIME that it waits for, in ns; 0: it counts ticks
};

#define ITIMER_ID(which) (-1 - (which))
// setitimer's VIRTUAL: the program's own part of CPU time.
#define CLOCK_PROCESS_USER (-1)

static bool counts_cpu(int clock) {
    return clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_PROCESS_USER ||
           clock == CLOCK_THREAD_CPUTIME_ID;
}

// The time of a thread that has ended stands still before all that a timer waits for.
static uint64_t thread_ticks(const struct interval_timer *timer) {
    const struct thread *thread = proc_thread(timer->proc, timer->counted);
    uint64_t ticks = 0;
    if (thread)
        (void)usage_of_thread(thread, &ticks);
    return ticks;
}

// proc->lock is held.
static uint64_t now_of(const struct interval_timer *timer) {
    if (!counts_cpu(timer->clock))
        return time_read();
    return timer->clock == CLOCK_THREAD_CPUTIME_ID
               ? thread_ticks(timer)
               : proc_cpu_ticks(timer->proc, timer->clock == CLOCK_PROCESS_USER);
}

// --- expiry; proc->lock is held

static void expire(struct interval_timer *timer) {
    signal_send_queued(timer->proc, timer->tid, &timer->signal);
    timer->wall = 0;
    if (!timer->interval)
        timer->next = 0;
}

// In the timer interrupt.
static void real_expire(struct timer *hardware) {
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
        if (!counts_cpu(timer->clock))
            timer_arm(&timer->timer, timer->next < floor ? floor : timer->next);
    }
    if (timer->id >= 0)
        info->si_overrun = timer->overrun;
}

bool interval_timers_check(struct proc *proc) {
    struct interval_timer *timer;
    bool any = false;
    list_for_each(timer, &proc->timers, node) {
        if (!counts_cpu(timer->clock) || !timer->next)
            continue;
        any = true;
        if (!timer->silent && now_of(timer) >= timer->next)
            expire(timer);
    }
    return any;
}

// --- setting; proc->timers_mutex is held

static uint64_t ticks_until(const struct interval_timer *timer) {
    uint64_t now = now_of(timer);
    if (!timer->next || timer->next > now)
        return timer->next ? timer->next - now : 0;
    return timer->interval ? timer->interval - (now - timer->next) % timer->interval : 0;
}

static void disarm(struct interval_timer *timer, struct timer_setting *old) {
    spin_lock(&timer->proc->lock);
    if (old)
        *old = (struct timer_setting){ ticks_to_ns(ticks_until(timer)),
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
    } else if (!counts_cpu(timer->clock)) {
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
    if (counts_cpu(timer->clock))
        cpu_time_watch(timer->proc);
    else if (!timer->silent)
        timer_arm(&timer->timer, timer->next);
    spin_unlock(&timer->proc->lock);
}

static void set(struct interval_timer *timer, bool absolute, const struct timer_setting *setting,
                struct timer_setting *old) {
    if (setting) {
        disarm(timer, old);
        if (setting->value)
            arm(timer, absolute, setting);
        return;
    }
    spin_lock(&timer->proc->lock);
    *old = (struct timer_setting){ ticks_to_ns(ticks_until(timer)), ticks_to_ns(timer->interval) };
    spin_unlock(&timer->proc->lock);
}

// As in set, the hardware timer is taken off without the lock that its expiry wants. One that expires
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

// --- making and finding them

static struct interval_timer *find(struct proc *proc, int id) {
    struct interval_timer *timer;
    list_for_each(timer, &proc->timers, node)
        if (timer->id == id)
            return timer;
    return NULL;
}

static void destroy(struct interval_timer *timer) {
    struct proc *proc = timer->proc;
    disarm(timer, NULL);
    spin_lock(&proc->lock);
    list_remove(&timer->node);
    proc->signals_queued--;
    spin_unlock(&proc->lock);
    kfree(timer);
}

// Adds a timer with an id and a place in the queue: 0 or -EAGAIN.
static int publish(struct proc *proc, struct interval_timer *timer) {
    spin_lock(&proc->lock);
    bool room = proc->signals_queued < proc->limits[RLIMIT_SIGPENDING].rlim_cur &&
                proc->timer_next_id < INT32_MAX;
    if (room) {
        if (timer->id >= 0)
            timer->id = proc->timer_next_id++;
        proc->signals_queued++;
        list_push_back(&proc->timers, &timer->node);
    }
    spin_unlock(&proc->lock);
    return room ? 0 : -EAGAIN;
}

// A timer that is not armed: 0, -ENOMEM, -EAGAIN.
static int create(int id, int clock, int signal, struct interval_timer **out) {
    struct proc *self = proc_current();
    struct interval_timer *timer = kzalloc(sizeof *timer);
    if (!timer)
        return -ENOMEM;
    timer->proc = self;
    timer->id = id;
    timer->clock = clock;
    timer->counted = thread_current()->tid;
    list_init(&timer->signal.node);
    timer->signal.timer = timer;
    timer->signal.info = (siginfo_t){ .si_signo = signal,
                                      .si_code = id >= 0 ? SI_TIMER : SI_KERNEL };
    timer_init(&timer->timer, real_expire);
    int error = publish(self, timer);
    if (error)
        kfree(timer);
    *out = timer;
    return error;
}

static bool event_valid(const sigevent_t *event) {
    if (event->sigev_notify == SIGEV_NONE)
        return true;
    if (event->sigev_signo < 1 || event->sigev_signo > SIGNAL_COUNT)
        return false;
    return event->sigev_notify == SIGEV_SIGNAL ||
           (event->sigev_notify == SIGEV_THREAD_ID && proc_has_thread(event->sigev_notify_thread_id));
}

int interval_timer_create(int clock, const sigevent_t *event) {
    struct proc *self = proc_current();
    struct interval_timer *timer;
    sigevent_t usual = { .sigev_signo = SIGALRM };
    bool known = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME ||
                 clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
    if (!known || (event && !event_valid(event)))
        return -EINVAL;
    mutex_lock(&self->timers_mutex);
    int error = create(0, clock, (event ? event : &usual)->sigev_signo, &timer);
    if (!error) {
        siginfo_t *info = &timer->signal.info;
        info->si_timerid = timer->id;
        info->si_u.timer.value = event ? event->sigev_value : (sigval_t){ .sival_int = timer->id };
        timer->silent = event && event->sigev_notify == SIGEV_NONE;
        if (event && event->sigev_notify == SIGEV_THREAD_ID)
            timer->tid = event->sigev_notify_thread_id;
        error = timer->id;
    }
    mutex_unlock(&self->timers_mutex);
    return error;
}

int interval_timer_set(int id, bool absolute, const struct timer_setting *setting,
                       struct timer_setting *old) {
    struct proc *self = proc_current();
    mutex_lock(&self->timers_mutex);
    struct interval_timer *timer = id >= 0 ? find(self, id) : NULL;
    if (timer)
        set(timer, absolute, setting, old);
    mutex_unlock(&self->timers_mutex);
    return timer ? 0 : -EINVAL;
}

int interval_timer_overrun(int id) {
    struct proc *self = proc_current();
    mutex_lock(&self->timers_mutex);
    struct interval_timer *timer = id >= 0 ? find(self, id) : NULL;
    int overrun = timer ? timer->overrun : -EINVAL;
    mutex_unlock(&self->timers_mutex);
    return overrun;
}

int interval_timer_delete(int id) {
    struct proc *self = proc_current();
    mutex_lock(&self->timers_mutex);
    struct interval_timer *timer = id >= 0 ? find(self, id) : NULL;
    if (timer)
        destroy(timer);
    mutex_unlock(&self->timers_mutex);
    return timer ? 0 : -EINVAL;
}

int itimer_set(int which, const struct timer_setting *setting, struct timer_setting *old) {
    static const struct { int clock, signal; } kinds[] = {
        [ITIMER_REAL] = { CLOCK_MONOTONIC, SIGALRM },
        [ITIMER_VIRTUAL] = { CLOCK_PROCESS_USER, SIGVTALRM },
        [ITIMER_PROF] = { CLOCK_PROCESS_CPUTIME_ID, SIGPROF },
    };
    struct proc *self = proc_current();
    int error = 0;
    if (which < ITIMER_REAL || which > ITIMER_PROF)
        return -EINVAL;
    mutex_lock(&self->timers_mutex);
    struct interval_timer *timer = find(self, ITIMER_ID(which));
    if (!timer && setting && setting->value)
        error = create(ITIMER_ID(which), kinds[which].clock, kinds[which].signal, &timer);
    if (timer && !error)
        set(timer, false, setting, old);
    else if (old)
        *old = (struct timer_setting){ 0 };
    mutex_unlock(&self->timers_mutex);
    return error;
}

void interval_timers_delete(struct proc *proc, bool all) {
    struct interval_timer *timer, *next;
    if (list_empty(&proc->timers))
        return;
    mutex_lock(&proc->timers_mutex);
    list_for_each_safe(timer, next, &proc->timers, node)
        if (all || timer->id >= 0)
            destroy(timer);
    mutex_unlock(&proc->timers_mutex);
}
