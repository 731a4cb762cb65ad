// System calls that change what stat shows, and access.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/resource.h>
#include <abi/signal.h>
#include <abi/stat.h>
#include <abi/syscall.h>
#include <fs/attributes.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/path.h>
#include <proc/proc.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

// The inode behind a descriptor, with a reference; O_PATH files only if `path_allowed`.
static int inode_of_fd(int fd, bool path_allowed, struct inode **out) {
    struct file *file = fd_hold(fd);
    if (!file)
        return -EBADF;
    bool usable = file->inode && (path_allowed || !(file->flags & O_PATH));
    if (usable)
        *out = inode_hold(file->inode);
    int error = usable ? 0 : file->inode ? -EBADF : -EINVAL;
    file_put(file);
    return error;
}

// The inode that a name leads to for the holder of `cred`, with a reference. `flags` are AT_*.
static int inode_of_name_as(const struct cred *cred, int dirfd, uint64_t user_name,
                            uint32_t flags, struct inode **out) {
    struct name name;
    int error = name_copy_in(user_name, &name);
    if (error)
        return error;
    unsigned lookup = (flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) |
                      (flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0);
    if (!*name.text && (flags & AT_EMPTY_PATH) && dirfd != AT_FDCWD)
        error = inode_of_fd(dirfd, true, out);
    else
        error = path_lookup_inode_as(cred, dirfd, name.text, lookup, out);
    name_free(&name);
    return error;
}

static int inode_of_name(int dirfd, uint64_t user_name, uint32_t flags, struct inode **out) {
    return inode_of_name_as(thread_current()->cred, dirfd, user_name, flags, out);
}

// The twelve calls on extended attributes (set, get, list, remove; each by name, by name without
// following a link, by descriptor), for files that have none.
long sys_xattr(struct trap_frame *call) {
    unsigned which = call->a7 - SYS_setxattr;
    struct inode *inode;
    long result = which % 3 == 2 ? inode_of_fd(call->a0, false, &inode)
                                 : inode_of_name(AT_FDCWD, call->a0,
                                                 which % 3 ? AT_SYMLINK_NOFOLLOW : 0, &inode);
    if (result)
        return result;
    inode_put(inode);
    bool list = which / 3 == 2;
    return list ? 0 : -EOPNOTSUPP;
}

long sys_fchmod(struct trap_frame *call) {
    struct inode *inode;
    long result = inode_of_fd(call->a0, false, &inode);
    if (result)
        return result;
    result = inode_chmod(inode, call->a1);
    inode_put(inode);
    return result;
}

long sys_fchmodat(struct trap_frame *call) {
    struct inode *inode;
    long result = inode_of_name(call->a0, call->a1, 0, &inode);
    if (result)
        return result;
    result = inode_chmod(inode, call->a2);
    inode_put(inode);
    return result;
}

long sys_fchown(struct trap_frame *call) {
    struct inode *inode;
    long result = inode_of_fd(call->a0, false, &inode);
    if (result)
        return result;
    result = inode_chown(inode, call->a1, call->a2);
    inode_put(inode);
    return result;
}

long sys_fchownat(struct trap_frame *call) {
    struct inode *inode;
    uint32_t flags = call->a4;
    if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    long result = inode_of_name(call->a0, call->a1, flags, &inode);
    if (result)
        return result;
    result = inode_chown(inode, call->a2, call->a3);
    inode_put(inode);
    return result;
}

long sys_utimensat(struct trap_frame *call) {
    struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } };
    uint32_t flags = call->a3;
    struct inode *inode;
    if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    if (call->a2 && copy_in(times, call->a2, sizeof(times)))
        return -EFAULT;
    long result = call->a1 ? inode_of_name(call->a0, call->a1, flags, &inode)
                           : inode_of_fd(call->a0, false, &inode);     // futimens
    if (result)
        return result;
    result = inode_set_times(inode, times);
    inode_put(inode);
    return result;
}

// RLIMIT_FSIZE for a file that is to have `size` bytes.
static int check_size(int64_t size) {
    if (size < 0)
        return -EINVAL;
    if ((uint64_t)size <= proc_limit(RLIMIT_FSIZE))
        return 0;
    thread_signal(SIGXFSZ);
    return -EFBIG;
}

static long truncate_inode(struct inode *inode, int64_t size) {
    if (S_ISDIR(inode->mode))
        return -EISDIR;
    if (!S_ISREG(inode->mode))
        return -EINVAL;
    int error = permission(inode, thread_current()->cred, MAY_WRITE);
    if (!error && size > (int64_t)inode->size)
        error = check_size(size);
    return error ? error : inode_truncate(inode, size);
}

long sys_truncate(struct trap_frame *call) {
    struct inode *inode;
    if ((int64_t)call->a1 < 0)
        return -EINVAL;
    long result = inode_of_name(AT_FDCWD, call->a0, 0, &inode);
    if (result)
        return result;
    result = truncate_inode(inode, call->a1);
    inode_put(inode);
    return result;
}

// The right to write was checked when the file was opened.
long sys_ftruncate(struct trap_frame *call) {
    int64_t size = call->a1;
    if (size < 0)
        return -EINVAL;
    struct file *file = fd_hold(call->a0);
    if (!file)
        return -EBADF;
    long result = 0;
    if (!file->inode || !S_ISREG(file->inode->mode) || !file_writable(file))
        result = file->flags & O_PATH ? -EBADF : -EINVAL;
    else if (size > (int64_t)file->inode->size)
        result = check_size(size);
    if (!result)
        result = inode_truncate(file->inode, size);
    file_put(file);
    return result;
}

// access asks for the real ids, and so on behalf of whoever started a set-uid program.
static int real_cred(struct cred **out) {
    struct cred *mine = thread_current()->cred;
    if (mine->fsuid == mine->uid && mine->fsgid == mine->gid) {
        *out = cred_get(mine);
        return 0;
    }
    *out = cred_copy(mine);
    if (!*out)
        return -ENOMEM;
    (*out)->fsuid = mine->uid;
    (*out)->fsgid = mine->gid;
    return 0;
}

static long check_access(uint64_t dirfd, uint64_t user_name, uint32_t mode, uint32_t flags) {
    struct cred *cred;
    struct inode *inode;
    if (mode & ~(uint32_t)(R_OK | W_OK | X_OK))
        return -EINVAL;
    if (flags & AT_EACCESS)
        cred = cred_get(thread_current()->cred);
    else if (real_cred(&cred) != 0)
        return -ENOMEM;
    long result = inode_of_name_as(cred, dirfd, user_name, flags, &inode);
    if (!result) {
        result = permission(inode, cred, mode);
        inode_put(inode);
    }
    cred_put(cred);
    return result;
}

long sys_faccessat(struct trap_frame *call) {
    return check_access(call->a0, call->a1, call->a2, 0);
}

long sys_faccessat2(struct trap_frame *call) {
    uint32_t flags = call->a3;
    if (flags & ~(uint32_t)(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    return check_access(call->a0, call->a1, call->a2, flags);
}
