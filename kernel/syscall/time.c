// System calls on time.
#include <abi/errno.h>
#include <abi/resource.h>
#include <dev/rtc.h>
#include <fs/cred.h>
#include <proc/cpu_time.h>
#include <proc/internal.h>
#include <proc/interval_timer.h>
#include <proc/signal.h>
#include <sched/clock.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>
#include <syscall/user_time.h>

struct timespec timespec_of(uint64_t ns) {
    return (struct timespec){ .tv_sec = ns / NS_PER_SECOND, .tv_nsec = ns % NS_PER_SECOND };
}

static int parts_to_ns(long seconds, long parts, long parts_per_second, uint64_t *ns) {
    if (seconds < 0 || parts < 0 || parts >= parts_per_second)
        return -EINVAL;
    bool far = (uint64_t)seconds > INT64_MAX / NS_PER_SECOND - 1;
    *ns = far ? INT64_MAX : seconds * NS_PER_SECOND + parts * (NS_PER_SECOND / parts_per_second);
    return 0;
}

int timespec_copy_in(uint64_t user, uint64_t *ns) {
    struct timespec time;
    if (copy_in(&time, user, sizeof time))
        return -EFAULT;
    return parts_to_ns(time.tv_sec, time.tv_nsec, NS_PER_SECOND, ns);
}

int timeval_to_ns(const struct timeval *time, uint64_t *ns) {
    return parts_to_ns(time->tv_sec, time->tv_usec, 1000000, ns);
}

static int clock_read(int clock, uint64_t *ns) {
    struct cpu_clock cpu_clock;
    uint64_t ticks;
    if (cpu_clock_decode(clock, &cpu_clock)) {
        int error = cpu_clock_read(&cpu_clock, &ticks);
        *ns = ticks_to_ns(ticks);
        return error;
    }
    switch (clock) {
    case CLOCK_REALTIME: case CLOCK_REALTIME_COARSE:
        *ns = clock_realtime_ns();
        return 0;
    case CLOCK_MONOTONIC: case CLOCK_MONOTONIC_RAW: case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        *ns = clock_monotonic_ns();
        return 0;
    default:
        return -EINVAL;
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

// The clock has 30 years to run on from what it may be set to (as Linux's).
#define REALTIME_MOST (INT64_MAX - 30 * 365 * 86400ul * NS_PER_SECOND)

static int realtime_set(uint64_t ns) {
    if (ns > REALTIME_MOST)
        return -EINVAL;
    if (thread_current()->cred->euid)
        return -EPERM;
    clock_realtime_set(ns);
    interval_timers_clock_set();
    rtc_set(ns);
    return 0;
}

long sys_clock_settime(struct trap_frame *call) {
    uint64_t ns;
    if ((int)call->a0 != CLOCK_REALTIME)
        return -EINVAL;
    int error = timespec_copy_in(call->a1, &ns);
    return error ? error : realtime_set(ns);
}

// A time zone (the second argument) is no business of this kernel.
long sys_settimeofday(struct trap_frame *call) {
    struct timeval time;
    uint64_t ns;
    if (!call->a0)
        return 0;
    if (copy_in(&time, call->a0, sizeof time))
        return -EFAULT;
    int error = timeval_to_ns(&time, &ns);
    return error ? error : realtime_set(ns);
}

long sys_gettimeofday(struct trap_frame *call) {
    uint64_t us = clock_realtime_ns() / 1000;
    struct timeval time = { .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
    if (call->a0 && copy_out(call->a0, &time, sizeof time))
        return -EFAULT;
    struct timezone { int minutes_west, dst; } zone = { 0, 0 };
    return call->a1 && copy_out(call->a1, &zone, sizeof zone) ? -EFAULT : 0;
}

uint64_t deadline_after(uint64_t ns) { return time_read() + ns_to_ticks(ns); }

uint64_t deadline_at(uint64_t ns, bool realtime) {
    return realtime ? deadline_realtime(ns) : clock_monotonic_to_ticks(ns);
}

// After a signal: what is `left` goes to `remaining` (0: nobody wants it), and if the call is to go on,
// `restart` knows until when.
static long sleep_interrupted(long (*restart)(struct trap_frame *), uint64_t until, uint64_t left,
                              uint64_t remaining) {
    struct thread *self = thread_current();
    struct timespec time = timespec_of(ticks_to_ns(left));
    self->restart = restart;
    self->sleep_deadline = until;
    self->sleep_remaining = remaining;
    return remaining && copy_out(remaining, &time, sizeof time) ? -EFAULT : -ERESTART_SLEEP;
}

static long sleep_restart(struct trap_frame *call);

static long sleep_until(uint64_t deadline, uint64_t remaining) {
    if (!thread_sleep_until(deadline))
        return 0;
    uint64_t now = time_read(), left = deadline > now ? deadline - now : 0;
    return sleep_interrupted(sleep_restart, deadline, left, remaining);
}

static long sleep_restart(struct trap_frame *call) {
    const struct thread *self = thread_current();
    (void)call;
    return sleep_until(self->sleep_deadline, self->sleep_remaining);
}

long sys_nanosleep(struct trap_frame *call) {
    uint64_t ns;
    int error = timespec_copy_in(call->a0, &ns);
    return error ? error : sleep_until(deadline_after(ns), call->a1);
}

long sys_restart_syscall(struct trap_frame *call) {
    const struct thread *self = thread_current();
    return self->restart ? self->restart(call) : -EINTR;
}

static long cpu_sleep_restart(struct trap_frame *call);

// Sleeps until the clock of CPU time shows `until`, in ticks.
static long cpu_sleep(const struct cpu_clock *clock, uint64_t until, bool absolute, uint64_t remaining) {
    uint64_t left;
    int error = cpu_clock_sleep(clock, until, &left);
    if (error != -EINTR)
        return error;
    return absolute ? -ERESTART_NO_HANDLER
                    : sleep_interrupted(cpu_sleep_restart, until, left, remaining);
}

static long cpu_sleep_restart(struct trap_frame *call) {
    const struct thread *self = thread_current();
    struct cpu_clock clock;
    return cpu_clock_decode(call->a0, &clock)
               ? cpu_sleep(&clock, self->sleep_deadline, false, self->sleep_remaining)
               : -EINTR;
}

static long cpu_sleep_for(const struct cpu_clock *clock, bool absolute, uint64_t ns, uint64_t remaining) {
    uint64_t now = 0;
    int error = absolute ? 0 : cpu_clock_read(clock, &now);
    return error ? error : cpu_sleep(clock, now + ns_to_ticks(ns), absolute, remaining);
}

long sys_clock_nanosleep(struct trap_frame *call) {
    int clock = call->a0;
    struct cpu_clock cpu_clock;
    bool absolute = call->a1 & TIMER_ABSTIME, counts_cpu = cpu_clock_decode(clock, &cpu_clock);
    uint64_t ns;
    if (!counts_cpu && clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME)
        return clock_read(clock, &ns) ? -EINVAL : -EOPNOTSUPP;
    int error = timespec_copy_in(call->a2, &ns);
    if (error)
        return error;
    if (counts_cpu)
        return cpu_sleep_for(&cpu_clock, absolute, ns, call->a3);
    if (!absolute)
        return sleep_until(deadline_after(ns), call->a3);
    return thread_sleep_until(deadline_at(ns, clock == CLOCK_REALTIME)) ? -ERESTART_NO_HANDLER : 0;
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
