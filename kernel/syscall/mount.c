// System calls on mounts, and sync.
#include <abi/errno.h>
#include <abi/mount.h>
#include <fs/cred.h>
#include <fs/inode.h>
#include <fs/path.h>
#include <sched/thread.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

static bool is_root(void) { return thread_current()->cred->euid == 0; }

// A string argument that may be NULL, which then is *out.
static int optional_copy_in(uint64_t user, struct name *out) {
    out->text = NULL;
    return user ? name_copy_in(user, out) : 0;
}

struct mount_call {
    struct name source, target, type, options;
};

static int arguments_in(struct trap_frame *call, struct mount_call *arguments) {
    int error = optional_copy_in(call->a0, &arguments->source);
    if (!error)
        error = name_copy_in(call->a1, &arguments->target);
    if (!error)
        error = optional_copy_in(call->a2, &arguments->type);
    if (!error)
        error = optional_copy_in(call->a4, &arguments->options);
    return error;
}

long sys_mount(struct trap_frame *call) {
    struct mount_call arguments = { 0 };
    uint64_t flags = call->a3;
    if (!is_root())
        return -EPERM;
    long result = arguments_in(call, &arguments);
    if (!result && !(flags & MS_REMOUNT) && !arguments.type.text)
        result = -EINVAL;
    if (!result)
        result = mount_add(arguments.source.text ? arguments.source.text : "none",
                           arguments.target.text, arguments.type.text, flags,
                           arguments.options.text);
    name_free(&arguments.source);
    name_free(&arguments.target);
    name_free(&arguments.type);
    name_free(&arguments.options);
    return result;
}

long sys_umount2(struct trap_frame *call) {
    struct name target;
    if (call->a1 & ~(uint64_t)UMOUNT_NOFOLLOW)
        return -EINVAL;                 // no forced or lazy unmounts
    if (!is_root())
        return -EPERM;
    long result = name_copy_in(call->a0, &target);
    if (result)
        return result;
    result = mount_remove(target.text);
    name_free(&target);
    return result;
}

// There is nobody to tell of an error: fsync of the files concerned tells it.
long sys_sync(struct trap_frame *call) {
    (void)call;
    sync_all();
    return 0;
}
