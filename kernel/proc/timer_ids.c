// The timers of a process, by the numbers that programs know them by: timer_create's and setitimer's.
#include <abi/errno.h>
#include <abi/time.h>
#include <mm/heap.h>
#include <proc/interval_timer_internal.h>

// The program's own part of its process's CPU time, as cpu_clock_decode knows it.
#define CLOCK_OWN_USER (~7 | 1)

static struct interval_timer *find(struct proc *proc, int id) {
    struct interval_timer *timer;
    list_for_each(timer, &proc->timers, node)
        if (timer->id == id)
            return timer;
    return NULL;
}

static void destroy(struct interval_timer *timer) {
    struct proc *proc = timer->proc;
    interval_timer_disarm(timer, NULL);
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

// A timer that is not armed: 0, -ENOMEM, -EAGAIN, -EINVAL (it counts another's CPU time).
static int create(int id, int clock, int signal, struct interval_timer **out) {
    struct cpu_clock cpu_clock;
    bool counts_cpu = cpu_clock_decode(clock, &cpu_clock);
    if (counts_cpu && cpu_clock_claim(&cpu_clock))
        return -EINVAL;
    struct proc *self = proc_current();
    struct interval_timer *timer = kzalloc(sizeof *timer);
    if (!timer)
        return -ENOMEM;
    timer->proc = self;
    timer->id = id;
    timer->clock = clock;
    timer->counts_cpu = counts_cpu;
    timer->cpu_clock = cpu_clock;
    list_init(&timer->signal.node);
    timer->signal.timer = timer;
    timer->signal.info = (siginfo_t){ .si_signo = signal,
                                      .si_code = id >= 0 ? SI_TIMER : SI_KERNEL };
    timer_init(&timer->timer, interval_timer_real_expire);
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
    struct cpu_clock cpu_clock;
    bool known = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME;
    if ((!known && !cpu_clock_decode(clock, &cpu_clock)) || (event && !event_valid(event)))
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
        interval_timer_change(timer, absolute, setting, old);
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
        [ITIMER_VIRTUAL] = { CLOCK_OWN_USER, SIGVTALRM },
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
        interval_timer_change(timer, false, setting, old);
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
