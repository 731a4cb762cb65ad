// What a thread tells of itself: prctl, and the calls that C libraries make at their start.
#include <abi/prctl.h>
#include <lib/string.h>
#include <proc/proc.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

// The name that ps shows is the leader's.
static long set_name(uint64_t user) {
    struct thread *self = thread_current();
    char name[TASK_COMM_LEN];
    long length = copy_in_str(name, user, sizeof name);
    if (length == -ENAMETOOLONG)
        length = copy_in(name, user, sizeof name - 1);
    if (length < 0)
        return length;
    name[sizeof name - 1] = 0;
    strlcpy(self->name, name, sizeof self->name);
    if (self->tid == self->proc->pid)
        strlcpy(self->proc->name, name, sizeof self->proc->name);
    return 0;
}

long sys_prctl(struct trap_frame *call) {
    char name[TASK_COMM_LEN] = "";
    switch ((int)call->a0) {
    case PR_SET_NAME:
        return set_name(call->a1);
    case PR_GET_NAME:
        strlcpy(name, thread_current()->name, sizeof name);
        return copy_out(call->a1, name, sizeof name) ? -EFAULT : 0;
    case PR_GET_DUMPABLE:
        return 0;               // there are no core dumps
    default:
        return -EINVAL;
    }
}

// No restartable sequences: -ENOSYS is what every C library understands, and so not worth a line in
// the log for each program.
long sys_rseq(struct trap_frame *call) {
    (void)call;
    return -ENOSYS;
}
