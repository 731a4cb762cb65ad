// System calls on descriptors: making, copying, closing and controlling them.
#include <abi/errno.h>
#include <abi/ioctl.h>
#include <abi/resource.h>
#include <abi/stat.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/path.h>
#include <fs/pipe.h>
#include <fs/record_lock.h>
#include <proc/proc.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

#define STATUS_FLAGS (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME | O_ASYNC)   // F_SETFL

long sys_close(struct trap_frame *call) { return fd_close(call->a0); }

long sys_close_range(struct trap_frame *call) {
    uint32_t first = call->a0, last = call->a1, flags = call->a2;
    if (flags & ~(uint32_t)(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC) || first > last)
        return -EINVAL;
    int error = flags & CLOSE_RANGE_UNSHARE ? proc_unshare_files() : 0;
    if (!error)
        fd_close_range(first, last, flags & CLOSE_RANGE_CLOEXEC);
    return error;
}

static long install(struct file *file, int lowest, bool close_on_exec) {
    long fd = fd_install(file, lowest, close_on_exec, proc_limit(RLIMIT_NOFILE));
    if (fd < 0)
        file_put(file);
    return fd;
}

long sys_dup(struct trap_frame *call) {
    struct file *file = fd_hold(call->a0);
    return file ? install(file, 0, false) : -EBADF;
}

long sys_dup3(struct trap_frame *call) {
    int old = call->a0, new = call->a1;
    if (call->a2 & ~(uint64_t)O_CLOEXEC)
        return -EINVAL;
    if (old == new)
        return -EINVAL;
    struct file *file = fd_hold(old);
    if (!file)
        return -EBADF;
    long result = fd_replace(new, file, call->a2 & O_CLOEXEC, proc_limit(RLIMIT_NOFILE));
    if (result < 0)
        file_put(file);
    return result;
}

// Both ends get descriptors, and the caller hears of them, or there is no pipe.
static long pipe_install(struct file *ends[2], bool close_on_exec, uint64_t user) {
    int fds[2];
    fds[0] = install(ends[0], 0, close_on_exec);
    if (fds[0] < 0) {
        file_put(ends[1]);
        return fds[0];
    }
    fds[1] = install(ends[1], 0, close_on_exec);
    long error = fds[1] < 0 ? fds[1] : copy_out(user, fds, sizeof(fds));
    if (!error)
        return 0;
    int gone = fd_close(fds[0]);        // a thread that shares the table may have been faster
    if (fds[1] >= 0)
        gone = fd_close(fds[1]);
    (void)gone;
    return error;
}

long sys_pipe2(struct trap_frame *call) {
    uint32_t flags = call->a1;
    struct file *ends[2];
    if (flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
        return -EINVAL;
    if (flags & O_DIRECT)
        return -EINVAL;                 // packets: not in these pipes
    int error = pipe_create(flags & O_NONBLOCK, ends);
    return error ? error : pipe_install(ends, flags & O_CLOEXEC, call->a0);
}

// fcntl's struct flock, relative as it may be, as a range: 0 or -EINVAL, -EOVERFLOW.
static int lock_range(struct file *file, const struct flock *lock, struct record_range *range) {
    int64_t base = lock->l_whence == SEEK_CUR ? (int64_t)file->position
                   : lock->l_whence == SEEK_END ? (int64_t)file->inode->size : 0;
    int64_t start, end = INT64_MAX;
    if (lock->l_whence < SEEK_SET || lock->l_whence > SEEK_END)
        return -EINVAL;
    if (lock->l_type != F_RDLCK && lock->l_type != F_WRLCK && lock->l_type != F_UNLCK)
        return -EINVAL;
    if (__builtin_add_overflow(base, lock->l_start, &start))
        return -EOVERFLOW;
    if (lock->l_len > 0 && __builtin_add_overflow(start, lock->l_len - 1, &end))
        return -EOVERFLOW;
    if (lock->l_len < 0) {
        end = start - 1;
        start += lock->l_len;
    }
    if (start < 0 || end < start)
        return -EINVAL;
    *range = (struct record_range){ .type = lock->l_type, .start = start, .end = end,
                                    .pid = proc_current()->pid };
    return 0;
}

static long lock_test(struct file *file, uint64_t user, struct flock *lock,
                      struct record_range *range) {
    int error = lock->l_type == F_UNLCK ? -EINVAL : record_lock_test(file, range);
    if (error)
        return error;
    lock->l_type = range->type;
    if (range->type != F_UNLCK) {
        lock->l_whence = SEEK_SET;
        lock->l_start = range->start;
        lock->l_len = range->end == INT64_MAX ? 0 : range->end - range->start + 1;
        lock->l_pid = range->pid;
    }
    return copy_out(user, lock, sizeof(*lock));
}

// Another thread may close the descriptor while the lock is waited for: then nobody would end the lock.
static long fcntl_lock(struct file *file, int fd, int command, uint64_t user) {
    struct flock lock;
    struct record_range range;
    if (!file->inode || (file->flags & O_PATH))
        return -EBADF;
    if (copy_in(&lock, user, sizeof(lock)))
        return -EFAULT;
    int error = lock_range(file, &lock, &range);
    if (error)
        return error;
    if (command == F_GETLK)
        return lock_test(file, user, &lock, &range);
    if ((range.type == F_RDLCK && !file_readable(file)) ||
        (range.type == F_WRLCK && !file_writable(file)))
        return -EBADF;
    error = record_lock_set(file, &range, command == F_SETLKW);
    if (error || range.type == F_UNLCK || fd_names(fd, file))
        return error;
    record_locks_drop(file, thread_current()->files);
    return -EBADF;
}

long sys_flock(struct trap_frame *call) {
    int operation = call->a1;
    struct record_range range = { .flock = true, .start = 0, .end = INT64_MAX };
    switch (operation & ~LOCK_NB) {
    case LOCK_SH: range.type = F_RDLCK; break;
    case LOCK_EX: range.type = F_WRLCK; break;
    case LOCK_UN: range.type = F_UNLCK; break;
    default: return -EINVAL;
    }
    struct file *file = fd_hold(call->a0);
    if (!file)
        return -EBADF;
    long result = file->flags & O_PATH ? -EBADF
                                       : record_lock_set(file, &range, !(operation & LOCK_NB));
    file_put(file);
    return result;
}

static long set_status(struct file *file, uint32_t flags) {
    file->flags = (file->flags & ~(uint32_t)STATUS_FLAGS) | (flags & STATUS_FLAGS);
    return 0;
}

static long fcntl_duplicate(struct file *file, uint64_t lowest, bool close_on_exec) {
    if (lowest >= proc_limit(RLIMIT_NOFILE))
        return -EINVAL;
    return install(file_hold(file), lowest, close_on_exec);
}

static long fcntl_file(struct file *file, int fd, int command, uint64_t argument) {
    switch (command) {
    case F_DUPFD: return fcntl_duplicate(file, (uint32_t)argument, false);
    case F_DUPFD_CLOEXEC: return fcntl_duplicate(file, (uint32_t)argument, true);
    case F_GETFD: return fd_get_flags(fd);
    case F_SETFD: return fd_set_flags(fd, argument);
    case F_GETFL: return file->flags;
    case F_SETFL: return file->flags & O_PATH ? -EBADF : set_status(file, argument);
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW: return fcntl_lock(file, fd, command, argument);
    case F_GETPIPE_SZ: return pipe_of(file) ? PIPE_SIZE : -EBADF;
    case F_SETPIPE_SZ:                  // the size is fixed: a wish for less is met
        if (!pipe_of(file))
            return -EBADF;
        return (uint32_t)argument <= PIPE_SIZE ? PIPE_SIZE : -EPERM;
    default: return -EINVAL;
    }
}

long sys_fcntl(struct trap_frame *call) {
    struct file *file = fd_hold(call->a0);
    if (!file)
        return -EBADF;
    long result = fcntl_file(file, call->a0, (int)call->a1, call->a2);
    file_put(file);
    return result;
}

// What ioctl does to every file alike; 1 for what is the file's own business.
static long ioctl_common(struct file *file, int fd, uint32_t command, uint64_t argument) {
    int on;
    switch (command) {
    case FIOCLEX: return fd_set_flags(fd, FD_CLOEXEC);
    case FIONCLEX: return fd_set_flags(fd, 0);
    case FIONBIO:
        if (copy_in(&on, argument, sizeof(on)))
            return -EFAULT;
        return set_status(file, on ? file->flags | O_NONBLOCK
                                   : file->flags & ~(uint32_t)O_NONBLOCK);
    case FIONREAD:
        if (!file->inode || !S_ISREG(file->inode->mode))
            return 1;
        on = file->inode->size > file->position ? file->inode->size - file->position : 0;
        return copy_out(argument, &on, sizeof(on));
    default: return 1;
    }
}

long sys_ioctl(struct trap_frame *call) {
    uint32_t command = call->a1;
    struct file *file = fd_hold(call->a0);
    if (!file)
        return -EBADF;
    long result = file->flags & O_PATH ? -EBADF
                                       : ioctl_common(file, call->a0, command, call->a2);
    if (result == 1)
        result = file->ops->ioctl ? file->ops->ioctl(file, command, call->a2) : -ENOTTY;
    file_put(file);
    return result;
}

long sys_fchdir(struct trap_frame *call) {
    struct file *file = fd_hold(call->a0);
    long result = 0;
    if (!file)
        return -EBADF;
    if (!file->dentry || !S_ISDIR(file->inode->mode))
        result = -ENOTDIR;
    else
        result = permission(file->inode, thread_current()->cred, MAY_EXEC);
    if (!result)
        fs_context_set(path_hold((struct path){ file->mount, file->dentry }), false);
    file_put(file);
    return result;
}
