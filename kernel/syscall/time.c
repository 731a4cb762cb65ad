// System calls on time.
#include <abi/errno.h>
#include <abi/resource.h>
#include <dev/rtc.h>
#include <fs/cred.h>
#include <proc/internal.h>
#include <proc/interval_timer.h>
#include <proc/signal.h>
#include <sched/clock.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>
#include <syscall/user_time.h>

#define CLOCK_TICKS 100         // of times(), a second: AT_CLKTCK

struct timespec timespec_of(uint64_t ns) {
    return (struct timespec){ .tv_sec = ns / NS_PER_SECOND, .tv_nsec = ns % NS_PER_SECOND };
}

int timespec_copy_in(uint64_t user, uint64_t *ns) {
    struct timespec time;
    if (copy_in(&time, user, sizeof time))
        return -EFAULT;
    if (time.tv_sec < 0 || time.tv_nsec < 0 || time.tv_nsec >= (long)NS_PER_SECOND)
        return -EINVAL;
    bool far = (uint64_t)time.tv_sec > INT64_MAX / NS_PER_SECOND - 1;
    *ns = far ? INT64_MAX : time.tv_sec * NS_PER_SECOND + time.tv_nsec;
    return 0;
}

// A clock of CPU time: the complement of a pid or tid above three bits (Linux; what
// clock_getcpuclockid makes).
static int cpu_clock_read(int clock, uint64_t *ns) {
    enum { ALL = 0, USER = 1, RUN = 2, KIND = 3, THREAD = 4 };
    uint64_t ticks;
    if ((clock & KIND) == KIND)
        return -EINVAL;
    int error = usage_clock(~(clock >> 3), clock & THREAD, (clock & KIND) == USER, &ticks);
    *ns = ticks_to_ns(ticks);
    return error;
}

static int clock_read(int clock, uint64_t *ns) {
    switch (clock) {
    case CLOCK_REALTIME: case CLOCK_REALTIME_COARSE:
        *ns = clock_realtime_ns();
        return 0;
    case CLOCK_MONOTONIC: case CLOCK_MONOTONIC_RAW: case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        *ns = clock_monotonic_ns();
        return 0;
    case CLOCK_PROCESS_CPUTIME_ID:
        return cpu_clock_read(~7 | 2, ns);
    case CLOCK_THREAD_CPUTIME_ID:
        return cpu_clock_read(~7 | 4 | 2, ns);
    default:
        return clock < 0 ? cpu_clock_read(clock, ns) : -EINVAL;
    }
}

long sys_clock_gettime(struct trap_frame *call) {
    uint64_t ns;
    if (clock_read(call->a0, &ns))
        return -EINVAL;
    struct timespec time = timespec_of(ns);
    return copy_out(call->a1, &time, sizeof time) ? -EFAULT : 0;
}

long sys_clock_getres(struct trap_frame *call) {
    uint64_t ns;
    if (clock_read(call->a0, &ns))
        return -EINVAL;
    struct timespec resolution = timespec_of(ticks_to_ns(1));
    return call->a1 && copy_out(call->a1, &resolution, sizeof resolution) ? -EFAULT : 0;
}

long sys_clock_settime(struct trap_frame *call) {
    uint64_t ns;
    if ((int)call->a0 != CLOCK_REALTIME)
        return -EINVAL;
    int error = timespec_copy_in(call->a1, &ns);
    if (error)
        return error;
    if (thread_current()->cred->euid)
        return -EPERM;
    clock_realtime_set(ns);
    interval_timers_clock_set();
    rtc_set(ns);
    return 0;
}

long sys_gettimeofday(struct trap_frame *call) {
    uint64_t us = clock_realtime_ns() / 1000;
    struct timeval time = { .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
    if (call->a0 && copy_out(call->a0, &time, sizeof time))
        return -EFAULT;
    struct timezone { int minutes_west, dst; } zone = { 0, 0 };
    return call->a1 && copy_out(call->a1, &zone, sizeof zone) ? -EFAULT : 0;
}

uint64_t deadline_after(uint64_t ns) {
    uint64_t now = time_read(), ticks = ns_to_ticks(ns);
    return ticks > DEADLINE_NONE - 1 - now ? DEADLINE_NONE - 1 : now + ticks;
}

// After a signal: what is left until `deadline` (ticks) goes to `remaining` (0: nobody wants it), and if
// the call is to go on, to the same deadline.
static long sleep_interrupted(uint64_t deadline, uint64_t remaining) {
    struct thread *self = thread_current();
    uint64_t now = time_read();
    struct timespec left = timespec_of(deadline > now ? ticks_to_ns(deadline - now) : 0);
    self->sleep_deadline = deadline;
    self->sleep_remaining = remaining;
    self->restarts_futex = false;
    return remaining && copy_out(remaining, &left, sizeof left) ? -EFAULT : -ERESTART_SLEEP;
}

static long sleep_until(uint64_t deadline, uint64_t remaining) {
    return thread_sleep_until(deadline) ? sleep_interrupted(deadline, remaining) : 0;
}

long sys_nanosleep(struct trap_frame *call) {
    uint64_t ns;
    int error = timespec_copy_in(call->a0, &ns);
    return error ? error : sleep_until(deadline_after(ns), call->a1);
}

long sys_restart_syscall(struct trap_frame *call) {
    const struct thread *self = thread_current();
    if (self->restarts_futex)
        return sys_futex_restart(call);
    return sleep_until(self->sleep_deadline, self->sleep_remaining);
}

long sys_clock_nanosleep(struct trap_frame *call) {
    int clock = call->a0;
    uint64_t flags = call->a1, ns, deadline;
    if ((clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME) ||
        flags & ~(uint64_t)TIMER_ABSTIME)
        return -EINVAL;
    int error = timespec_copy_in(call->a2, &ns);
    if (error)
        return error;
    if (!(flags & TIMER_ABSTIME))
        return sleep_until(deadline_after(ns), call->a3);
    if (clock != CLOCK_REALTIME)
        return sleep_until(clock_monotonic_to_ticks(ns), 0);
    return clock_realtime_sleep(ns, &deadline) ? sleep_interrupted(deadline, 0) : 0;
}

static clock_t clock_ticks(uint64_t ticks) {
    return ticks_to_ns(ticks) / (NS_PER_SECOND / CLOCK_TICKS);
}

long sys_times(struct trap_frame *call) {
    struct usage own = usage_of_caller(), children = usage_of_children();
    struct tms times = { clock_ticks(own.user_ticks), clock_ticks(own.system_ticks),
                         clock_ticks(children.user_ticks), clock_ticks(children.system_ticks) };
    if (call->a0 && copy_out(call->a0, &times, sizeof times))
        return -EFAULT;
    return clock_monotonic_ns() / (NS_PER_SECOND / CLOCK_TICKS);
}

long sys_getrusage(struct trap_frame *call) {
    int who = call->a0;
    if (who != RUSAGE_SELF && who != RUSAGE_THREAD && who != RUSAGE_CHILDREN)
        return -EINVAL;
    struct usage used = who == RUSAGE_CHILDREN ? usage_of_children()
                        : who == RUSAGE_SELF   ? usage_of_caller()
                                               : usage_of_calling_thread();
    struct rusage usage = usage_show(&used);
    return copy_out(call->a1, &usage, sizeof usage) ? -EFAULT : 0;
}
