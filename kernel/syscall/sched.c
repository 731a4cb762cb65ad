// System calls on scheduling.
#include <abi/sched.h>
#include <abi/time.h>
#include <proc/scheduling.h>
#include <sched/clock.h>
#include <sched/sched.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>
#include <syscall/user_time.h>

long sys_sched_yield(struct trap_frame *call) {
    (void)call;
    thread_yield();
    return 0;
}

static long set(int tid, int scheduling, uint64_t user) {
    struct sched_param param;
    if (tid < 0 || !user)
        return -EINVAL;
    if (copy_in(&param, user, sizeof param))
        return -EFAULT;
    return scheduling_set(tid, scheduling, param.sched_priority);
}

long sys_sched_setscheduler(struct trap_frame *call) {
    int scheduling = (int)call->a1;
    return scheduling < 0 ? -EINVAL : set((int)call->a0, scheduling, call->a2);
}

long sys_sched_setparam(struct trap_frame *call) {
    return set((int)call->a0, SCHEDULING_KEEP, call->a1);
}

long sys_sched_getscheduler(struct trap_frame *call) {
    int scheduling, real_time;
    int error = (int)call->a0 < 0 ? -EINVAL : scheduling_get(call->a0, &scheduling, &real_time);
    return error ? error : scheduling;
}

long sys_sched_getparam(struct trap_frame *call) {
    struct sched_param param;
    int scheduling;
    if ((int)call->a0 < 0 || !call->a1)
        return -EINVAL;
    int error = scheduling_get(call->a0, &scheduling, &param.sched_priority);
    if (error)
        return error;
    return copy_out(call->a1, &param, sizeof param) ? -EFAULT : 0;
}

long sys_sched_get_priority_max(struct trap_frame *call) {
    int least, most;
    return scheduling_range((int)call->a0, &least, &most) ? most : -EINVAL;
}

long sys_sched_get_priority_min(struct trap_frame *call) {
    int least, most;
    return scheduling_range((int)call->a0, &least, &most) ? least : -EINVAL;
}

// The quantum; one who keeps the hart until he gives it up has none.
long sys_sched_rr_get_interval(struct trap_frame *call) {
    int scheduling, real_time;
    int error = (int)call->a0 < 0 ? -EINVAL : scheduling_get(call->a0, &scheduling, &real_time);
    if (error)
        return error;
    struct timespec time = timespec_of(scheduling == SCHED_FIFO ? 0 : ticks_to_ns(sched_quantum));
    return copy_out(call->a1, &time, sizeof time) ? -EFAULT : 0;
}

// A mask may be longer than there are harts, or as short as holds them.
long sys_sched_setaffinity(struct trap_frame *call) {
    uint64_t mask = 0, size = call->a1 < sizeof mask ? call->a1 : sizeof mask;
    if ((int)call->a0 < 0)
        return -EINVAL;
    if (copy_in(&mask, call->a2, size))
        return -EFAULT;
    return affinity_set(call->a0, mask);
}

long sys_sched_getaffinity(struct trap_frame *call) {
    uint64_t mask, size = call->a1;
    if ((int)call->a0 < 0 || size < sizeof mask || size % sizeof mask)
        return -EINVAL;
    int error = affinity_get(call->a0, &mask);
    if (error)
        return error;
    return copy_out(call->a2, &mask, sizeof mask) ? -EFAULT : (long)sizeof mask;
}
