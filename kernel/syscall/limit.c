// System calls on limits and priorities.
#include <abi/errno.h>
#include <proc/limit.h>
#include <proc/priority.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

// prlimit64(pid, resource, new, old)
long sys_prlimit64(struct trap_frame *call) {
    uint32_t resource = call->a1;
    uint64_t from = call->a2, to = call->a3;
    struct rlimit wanted, old;
    if (resource >= RLIM_NLIMITS)
        return -EINVAL;
    if (from && copy_in(&wanted, from, sizeof wanted))
        return -EFAULT;
    int error = limit_exchange(call->a0, resource, from ? &wanted : NULL, &old);
    if (error)
        return error;
    return to && copy_out(to, &old, sizeof old) ? -EFAULT : 0;
}

long sys_getpriority(struct trap_frame *call) { return priority_get(call->a0, call->a1); }
long sys_setpriority(struct trap_frame *call) {
    return priority_set(call->a0, call->a1, (int)call->a2);
}
