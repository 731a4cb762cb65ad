// System calls on timers that send signals.
#include <abi/errno.h>
#include <abi/signal.h>
#include <abi/time.h>
#include <proc/interval_timer.h>
#include <sched/clock.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>
#include <syscall/user_time.h>

// --- timer_create and its relatives

long sys_timer_create(struct trap_frame *call) {
    sigevent_t event;
    uint64_t id_to = call->a2;
    if (call->a1 && copy_in(&event, call->a1, sizeof event))
        return -EFAULT;
    int id = interval_timer_create(call->a0, call->a1 ? &event : NULL);
    if (id < 0 || !copy_out(id_to, &id, sizeof id))
        return id < 0 ? id : 0;
    (void)!interval_timer_delete(id);
    return -EFAULT;
}

static int setting_copy_in(uint64_t user, struct timer_setting *setting) {
    int error = timespec_copy_in(user + offsetof(struct itimerspec, it_interval),
                                 &setting->interval);
    return error ? error : timespec_copy_in(user + offsetof(struct itimerspec, it_value),
                                            &setting->value);
}

static long setting_copy_out(uint64_t user, const struct timer_setting *setting) {
    struct itimerspec spec = { timespec_of(setting->interval), timespec_of(setting->value) };
    return copy_out(user, &spec, sizeof spec) ? -EFAULT : 0;
}

long sys_timer_settime(struct trap_frame *call) {
    struct timer_setting setting, old;
    uint64_t old_to = call->a3;
    int error = setting_copy_in(call->a2, &setting);
    if (!error)
        error = interval_timer_set(call->a0, call->a1 & TIMER_ABSTIME, &setting, &old);
    return error || !old_to ? error : setting_copy_out(old_to, &old);
}

long sys_timer_gettime(struct trap_frame *call) {
    struct timer_setting now;
    int error = interval_timer_set(call->a0, false, NULL, &now);
    return error ? error : setting_copy_out(call->a1, &now);
}

long sys_timer_getoverrun(struct trap_frame *call) { return interval_timer_overrun(call->a0); }
long sys_timer_delete(struct trap_frame *call) { return interval_timer_delete(call->a0); }

// --- setitimer

// Rounded up: what is armed does not look as if it were not.
static struct timeval timeval_of(uint64_t ns) {
    uint64_t us = (ns + 999) / 1000;
    return (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
}

static long itimer_copy_out(uint64_t user, const struct timer_setting *setting) {
    struct itimerval value = { timeval_of(setting->interval), timeval_of(setting->value) };
    return copy_out(user, &value, sizeof value) ? -EFAULT : 0;
}

long sys_setitimer(struct trap_frame *call) {
    struct itimerval value = { 0 };
    struct timer_setting setting, old;
    uint64_t old_to = call->a2;
    if (call->a1 && copy_in(&value, call->a1, sizeof value))
        return -EFAULT;
    int error = timeval_to_ns(&value.it_interval, &setting.interval);
    if (!error)
        error = timeval_to_ns(&value.it_value, &setting.value);
    if (!error)
        error = itimer_set(call->a0, &setting, &old);
    return error || !old_to ? error : itimer_copy_out(old_to, &old);
}

long sys_getitimer(struct trap_frame *call) {
    struct timer_setting now;
    int error = itimer_set(call->a0, NULL, &now);
    return error ? error : itimer_copy_out(call->a1, &now);
}
