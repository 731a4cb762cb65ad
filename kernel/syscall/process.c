// System calls on processes, groups and signals.
#include <abi/errno.h>
#include <abi/limits.h>
#include <abi/signal.h>
#include <abi/wait.h>
#include <lib/string.h>
#include <proc/exec.h>
#include <proc/group.h>
#include <proc/kill.h>
#include <proc/proc.h>
#include <proc/wait_child.h>
#include <proc/signal.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

// A NULL-terminated vector of strings; address 0 is an empty one, as on Linux.
static int strings_copy_in(uint64_t vector, struct exec_strings *strings) {
    for (; vector; vector += sizeof(uint64_t)) {
        uint64_t string;
        if (copy_in(&string, vector, sizeof string))
            return -EFAULT;
        if (!string)
            break;
        int error = exec_strings_add_user(strings, string);
        if (error)
            return error;
    }
    return 0;
}

long sys_execve(struct trap_frame *call) {
    struct name path;
    int error = name_copy_in(call->a0, &path);
    if (error)
        return error;
    struct exec_strings arguments = { 0 }, environment = { 0 };
    error = strings_copy_in(call->a1, &arguments);
    if (!error && !arguments.count)     // a program must be able to rely on argv[0]
        error = exec_strings_add(&arguments, "");
    if (!error)
        error = strings_copy_in(call->a2, &environment);
    if (error) {
        exec_strings_free(&arguments);
        exec_strings_free(&environment);
    } else {
        error = proc_exec(path.text, &arguments, &environment);
    }
    name_free(&path);
    // On success the frame is the new program's, and its a0 is 0.
    return error;
}

// 0 and -EFAULT; an address of 0 wants nothing.
static int usage_copy_out(uint64_t user, const struct usage *used) {
    if (!user)
        return 0;
    struct rusage usage = usage_show(used);
    return copy_out(user, &usage, sizeof usage);
}

// wait4's first argument: > 0 a pid, -1 any, 0 the caller's group, < -1 that group.
long sys_wait4(struct trap_frame *call) {
    struct wait_result result;
    int which = call->a0, options = call->a2;
    uint64_t status_to = call->a1, usage_to = call->a3;
    int type = which == -1 ? P_ALL : which > 0 ? P_PID : P_PGID;
    if (options & (WEXITED | WNOWAIT))
        return -EINVAL;
    int error = proc_wait(type, which < 0 ? -(int64_t)which : which, options | WEXITED, &result);
    if (error || !result.pid)
        return error;
    if (status_to && copy_out(status_to, &result.status, sizeof result.status))
        return -EFAULT;
    return usage_copy_out(usage_to, &result.used) ? -EFAULT : (long)result.pid;
}

long sys_waitid(struct trap_frame *call) {
    struct wait_result result;
    int type = call->a0;
    uint64_t info_to = call->a2, usage_to = call->a4;
    if ((type != P_ALL && type != P_PGID && type != P_PID) ||
        (type == P_PID && (int)call->a1 <= 0) || (type == P_PGID && (int)call->a1 < 0))
        return -EINVAL;
    int error = proc_wait(type, call->a1, call->a3, &result);
    if (error)
        return error;
    siginfo_t info = { 0 };
    if (result.pid)
        info = wait_info(result.pid, result.uid, result.status);
    if (info_to && copy_out(info_to, &info, sizeof info))
        return -EFAULT;
    return result.pid && usage_copy_out(usage_to, &result.used) ? -EFAULT : 0;
}

long sys_getpid(struct trap_frame *call) {
    (void)call;
    return proc_current()->pid;
}

long sys_getppid(struct trap_frame *call) {
    (void)call;
    spin_lock(&proc_tree_lock);
    struct proc *parent = proc_current()->parent;
    long pid = parent ? parent->pid : 0;
    spin_unlock(&proc_tree_lock);
    return pid;
}

long sys_setpgid(struct trap_frame *call) {
    if ((int)call->a0 < 0)
        return -ESRCH;
    if ((int)call->a1 < 0)
        return -EINVAL;
    return process_group_set(call->a0, call->a1);
}

long sys_getpgid(struct trap_frame *call) { return process_ids((int)call->a0, false); }
long sys_getsid(struct trap_frame *call) { return process_ids((int)call->a0, true); }

long sys_setsid(struct trap_frame *call) {
    (void)call;
    return process_session_create();
}
