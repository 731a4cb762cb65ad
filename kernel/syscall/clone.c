// System calls that make threads and processes, and on threads.
#include <abi/errno.h>
#include <abi/sched.h>
#include <abi/signal.h>
#include <proc/clone.h>
#include <proc/exit.h>
#include <proc/proc.h>
#include <proc/signal.h>
#include <riscv/layout.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

// clone(flags, stack, parent_tid, tls, child_tid), in RISC-V's order. What older kernels knew
// (CLONE_DETACHED) or does not matter here is passed over, as on Linux.
long sys_clone(struct trap_frame *call) {
    uint64_t signal = call->a0 & CSIGNAL;
    struct clone_request request = {
        .flags = call->a0 & 0xffffffff & ~(uint64_t)CSIGNAL,
        .exit_signal = signal <= SIGNAL_COUNT ? signal : 0,
        .stack = call->a1, .parent_tid = call->a2, .tls = call->a3, .child_tid = call->a4,
    };
    return proc_clone(&request);
}

// A structure that grows with time: what this kernel does not know of must be zero.
static int args_copy_in(struct clone_args *args, uint64_t from, uint64_t size) {
    *args = (struct clone_args){ 0 };
    if (size < CLONE_ARGS_SIZE_VER0)
        return -EINVAL;
    if (size > PAGE_SIZE)
        return -E2BIG;
    for (uint64_t at = sizeof *args; at < size; at++) {
        char byte;
        if (copy_in(&byte, from + at, 1))
            return -EFAULT;
        if (byte)
            return -E2BIG;
    }
    return copy_in(args, from, size < sizeof *args ? size : sizeof *args);
}

// What clone3 checks beyond clone. set_tid is for restoring checkpoints, and there is none.
static bool args_valid(const struct clone_args *args) {
    const uint64_t known = 0xffffffff | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP;
    if (args->flags & (~known | CLONE_DETACHED | CSIGNAL) || args->exit_signal > SIGNAL_COUNT ||
        args->set_tid || args->set_tid_size)
        return false;
    if (args->flags & (CLONE_THREAD | CLONE_PARENT) && args->exit_signal)
        return false;
    return !args->stack == !args->stack_size && args->stack_size <= USER_LIMIT &&
           args->stack <= USER_LIMIT - args->stack_size;
}

long sys_clone3(struct trap_frame *call) {
    struct clone_args args;
    int error = args_copy_in(&args, call->a0, call->a1);
    if (error)
        return error;
    if (!args_valid(&args))
        return -EINVAL;
    struct clone_request request = {
        .flags = args.flags, .exit_signal = args.exit_signal, .stack = args.stack + args.stack_size,
        .parent_tid = args.parent_tid, .child_tid = args.child_tid, .tls = args.tls,
    };
    return proc_clone(&request);
}

long sys_exit(struct trap_frame *call) { thread_end((call->a0 & 0xff) << 8); }
long sys_exit_group(struct trap_frame *call) { proc_exit((call->a0 & 0xff) << 8); }

long sys_gettid(struct trap_frame *call) {
    (void)call;
    return thread_current()->tid;
}

long sys_set_tid_address(struct trap_frame *call) {
    thread_current()->clear_child_tid = call->a0;
    return thread_current()->tid;
}
