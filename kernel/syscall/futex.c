// System calls on futexes.
#include <abi/errno.h>
#include <abi/futex.h>
#include <proc/futex.h>
#include <proc/futex_pi.h>
#include <proc/robust.h>
#include <proc/signal.h>
#include <sched/clock.h>
#include <sched/thread.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>
#include <syscall/user_time.h>

// The time at `user` (0: none) as a deadline: a time from now, or (`absolute`) one of a clock.
static int deadline_copy_in(uint64_t user, bool absolute, bool realtime, uint64_t *deadline) {
    uint64_t ns;
    *deadline = DEADLINE_NONE;
    if (!user)
        return 0;
    int error = timespec_copy_in(user, &ns);
    if (error)
        return error;
    *deadline = absolute ? deadline_at(ns, realtime) : deadline_after(ns);
    return 0;
}

static long wait_restart(struct trap_frame *call);

// A wait with a time limit is not restarted for a handler; without one, the way back to it keeps the
// deadline (restart_syscall(2)).
static long wait_until(struct trap_frame *call, uint64_t deadline) {
    struct thread *self = thread_current();
    bool any = (call->a1 & FUTEX_CMD_MASK) == FUTEX_WAIT;
    long result = futex_wait(call->a0, !(call->a1 & FUTEX_PRIVATE_FLAG), call->a2, deadline,
                             any ? FUTEX_BITSET_MATCH_ANY : call->a5);
    if (result != -EINTR || deadline == DEADLINE_NONE)
        return result;
    self->sleep_deadline = deadline;
    self->restart = wait_restart;
    return -ERESTART_SLEEP;
}

static long wait_restart(struct trap_frame *call) {
    return wait_until(call, thread_current()->sleep_deadline);
}

static long wait(struct trap_frame *call) {
    uint64_t deadline;
    bool absolute = (call->a1 & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
    int error = deadline_copy_in(call->a3, absolute, call->a1 & FUTEX_CLOCK_REALTIME, &deadline);
    return error ? error : wait_until(call, deadline);
}

static long lock_pi(struct trap_frame *call, bool realtime) {
    uint64_t deadline;
    int error = deadline_copy_in(call->a3, true, realtime, &deadline);
    return error ? error
                 : futex_pi_lock(call->a0, !(call->a1 & FUTEX_PRIVATE_FLAG), false, deadline);
}

// futex(word, operation, value, timeout or value2, word2, value3).
long sys_futex(struct trap_frame *call) {
    uint32_t command = call->a1 & FUTEX_CMD_MASK, compare = call->a5;
    bool shared = !(call->a1 & FUTEX_PRIVATE_FLAG);
    bool realtime = call->a1 & FUTEX_CLOCK_REALTIME;
    if (realtime && command != FUTEX_WAIT_BITSET && command != FUTEX_LOCK_PI2)
        return -ENOSYS;
    switch (command) {
    case FUTEX_WAIT: case FUTEX_WAIT_BITSET:
        return wait(call);
    case FUTEX_WAKE:
        return futex_wake(call->a0, shared, call->a2, FUTEX_BITSET_MATCH_ANY);
    case FUTEX_WAKE_BITSET:
        return futex_wake(call->a0, shared, call->a2, call->a5);
    case FUTEX_REQUEUE: case FUTEX_CMP_REQUEUE:
        return futex_requeue(call->a0, call->a4, shared, call->a2, call->a3,
                             command == FUTEX_CMP_REQUEUE ? &compare : NULL);
    case FUTEX_WAKE_OP:
        return futex_wake_op(call->a0, call->a4, shared, call->a2, call->a3, compare);
    case FUTEX_LOCK_PI: case FUTEX_LOCK_PI2:
        return lock_pi(call, realtime || command == FUTEX_LOCK_PI);
    case FUTEX_TRYLOCK_PI:
        return futex_pi_lock(call->a0, shared, true, DEADLINE_NONE);
    case FUTEX_UNLOCK_PI:
        return futex_pi_unlock(call->a0, shared);
    default:
        return -ENOSYS;
    }
}

long sys_set_robust_list(struct trap_frame *call) {
    if (call->a1 != sizeof(struct robust_list_head))
        return -EINVAL;
    thread_current()->robust_list = call->a0;
    return 0;
}

long sys_get_robust_list(struct trap_frame *call) {
    uint64_t head, size = sizeof(struct robust_list_head);
    uint64_t head_to = call->a1, size_to = call->a2;
    int error = robust_list_get(call->a0, &head);
    if (error)
        return error;
    return copy_out(size_to, &size, sizeof size) || copy_out(head_to, &head, sizeof head) ? -EFAULT
                                                                                         : 0;
}
