// chmod, chown, utimes.
#include <abi/errno.h>
#include <abi/stat.h>
#include <fs/attributes.h>
#include <fs/cred.h>
#include <sched/clock.h>
#include <sched/thread.h>

// Only the owner (and root) may, and not on a read-only file system.
static int may_change(const struct inode *inode) {
    if (inode->super->read_only)
        return -EROFS;
    return permission_owner(inode, thread_current()->cred);
}

int inode_chmod(struct inode *inode, uint32_t mode) {
    const struct cred *cred = thread_current()->cred;
    if (S_ISLNK(inode->mode))
        return -EOPNOTSUPP;
    mutex_lock(&inode->lock);
    int error = may_change(inode);
    if (!error) {
        mode &= 07777;
        if (cred && cred->fsuid != 0 && !cred_in_group(cred, inode->gid))
            mode &= ~S_ISGID;
        inode->mode = (inode->mode & S_IFMT) | mode;
        inode->ctime = inode_time_now();
        inode_mark_dirty(inode);
    }
    mutex_unlock(&inode->lock);
    return error;
}

// Root may give files away; an owner may hand his to another group of his.
static int may_chown(const struct inode *inode, uint32_t uid, uint32_t gid) {
    const struct cred *cred = thread_current()->cred;
    int error = may_change(inode);
    if (error || !cred || cred->fsuid == 0)
        return error;
    if (uid != UINT32_MAX && uid != inode->uid)
        return -EPERM;
    return gid == UINT32_MAX || gid == inode->gid || cred_in_group(cred, gid) ? 0 : -EPERM;
}

int inode_chown(struct inode *inode, uint32_t uid, uint32_t gid) {
    mutex_lock(&inode->lock);
    int error = may_chown(inode, uid, gid);
    if (!error) {
        if (uid != UINT32_MAX)
            inode->uid = uid;
        if (gid != UINT32_MAX)
            inode->gid = gid;
        if (!S_ISDIR(inode->mode) && (uid != UINT32_MAX || gid != UINT32_MAX)) {
            inode->mode &= ~S_ISUID;
            if (inode->mode & S_IXGRP)
                inode->mode &= ~S_ISGID;
        }
        inode->ctime = inode_time_now();
        inode_mark_dirty(inode);
    }
    mutex_unlock(&inode->lock);
    return error;
}

static bool valid(const struct timespec *time) {
    return time->tv_nsec == UTIME_NOW || time->tv_nsec == UTIME_OMIT ||
           (time->tv_nsec >= 0 && time->tv_nsec < (long)NS_PER_SECOND);
}

// Setting both to now needs only the right to write; anything else is the owner's.
static int may_set_times(const struct inode *inode, const struct timespec times[2]) {
    int error = may_change(inode);
    if (error != -EPERM)
        return error;
    if (times[0].tv_nsec == UTIME_NOW && times[1].tv_nsec == UTIME_NOW)
        return permission(inode, thread_current()->cred, MAY_WRITE);
    return -EPERM;
}

static void set_time(struct timespec *to, const struct timespec *from, const struct timespec *now) {
    if (from->tv_nsec != UTIME_OMIT)
        *to = from->tv_nsec == UTIME_NOW ? *now : *from;
}

int inode_set_times(struct inode *inode, const struct timespec times[2]) {
    if (!valid(&times[0]) || !valid(&times[1]))
        return -EINVAL;
    if (times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT)
        return 0;
    mutex_lock(&inode->lock);
    int error = may_set_times(inode, times);
    if (!error) {
        struct timespec now = inode_time_now();
        set_time(&inode->atime, &times[0], &now);
        set_time(&inode->mtime, &times[1], &now);
        inode->ctime = now;
        inode_mark_dirty(inode);
    }
    mutex_unlock(&inode->lock);
    return error;
}
