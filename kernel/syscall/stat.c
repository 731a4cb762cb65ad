// System calls that show a file's, or a file system's, attributes.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/mount.h>
#include <abi/stat.h>
#include <abi/statfs.h>
#include <fs/file.h>
#include <fs/path.h>
#include <fs/pipe.h>
#include <lib/string.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

#define PIPE_DEVICE 0xffff              // st_dev of what lives in no file system

// The attributes of one moment; both forms of stat are made of it.
struct attributes {
    uint64_t inode, size, blocks;
    uint32_t device, rdev, mode, links, uid, gid, block_size;
    struct timespec atime, mtime, ctime;
};

static void of_inode(const struct inode *inode, struct attributes *out) {
    *out = (struct attributes){
        .inode = inode->number, .size = inode->size, .blocks = inode->blocks,
        .device = inode->super->device_number, .rdev = inode->device, .mode = inode->mode,
        .links = inode->links, .uid = inode->uid, .gid = inode->gid, .block_size = PAGE_SIZE,
        .atime = inode->atime, .mtime = inode->mtime, .ctime = inode->ctime,
    };
}

// A pipe has no inode: it is described as its own.
static void of_file(const struct file *file, struct attributes *out) {
    const struct pipe *pipe = pipe_of(file);
    if (file->inode) {
        of_inode(file->inode, out);
        return;
    }
    *out = (struct attributes){ .device = PIPE_DEVICE, .mode = S_IFIFO | 0600, .links = 1,
                                .block_size = PAGE_SIZE };
    if (!pipe)
        return;
    out->inode = pipe->number;
    out->uid = pipe->uid;
    out->gid = pipe->gid;
    out->atime = out->mtime = out->ctime = pipe->made;
}

static int of_fd(int fd, struct attributes *out) {
    struct file *file = fd_hold(fd);
    if (!file)
        return -EBADF;
    of_file(file, out);
    file_put(file);
    return 0;
}

// The attributes of what `user_name` leads to; `flags` are AT_*. Linux allows a NULL name
// together with AT_EMPTY_PATH.
static int of_name(int dirfd, uint64_t user_name, uint32_t flags, struct attributes *out) {
    struct name name;
    struct path path;
    if (!user_name && (flags & AT_EMPTY_PATH))
        return of_fd(dirfd, out);
    int error = name_copy_in(user_name, &name);
    if (error)
        return error;
    if (!*name.text && (flags & AT_EMPTY_PATH) && dirfd != AT_FDCWD) {
        error = of_fd(dirfd, out);
    } else {
        unsigned lookup = (flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) |
                          (flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0);
        error = path_lookup(dirfd, name.text, lookup, &path);
        if (!error) {
            of_inode(path_inode(&path), out);
            path_put(&path);
        }
    }
    name_free(&name);
    return error;
}

static long stat_out(const struct attributes *from, uint64_t user) {
    struct stat stat = {
        .st_dev = from->device, .st_ino = from->inode, .st_mode = from->mode,
        .st_nlink = from->links, .st_uid = from->uid, .st_gid = from->gid, .st_rdev = from->rdev,
        .st_size = from->size, .st_blksize = from->block_size, .st_blocks = from->blocks,
        .st_atim = from->atime, .st_mtim = from->mtime, .st_ctim = from->ctime,
    };
    return copy_out(user, &stat, sizeof(stat));
}

long sys_fstat(struct trap_frame *call) {
    struct attributes attributes;
    long result = of_fd(call->a0, &attributes);
    return result ? result : stat_out(&attributes, call->a1);
}

long sys_newfstatat(struct trap_frame *call) {
    struct attributes attributes;
    uint32_t flags = call->a3;
    if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
        return -EINVAL;
    long result = of_name(call->a0, call->a1, flags, &attributes);
    return result ? result : stat_out(&attributes, call->a2);
}

static struct statx_timestamp statx_time(const struct timespec *time) {
    return (struct statx_timestamp){ .tv_sec = time->tv_sec, .tv_nsec = time->tv_nsec };
}

static long statx_out(const struct attributes *from, uint64_t user) {
    struct statx statx = {
        .stx_mask = STATX_BASIC_STATS, .stx_blksize = from->block_size, .stx_nlink = from->links,
        .stx_uid = from->uid, .stx_gid = from->gid, .stx_mode = from->mode,
        .stx_ino = from->inode, .stx_size = from->size, .stx_blocks = from->blocks,
        .stx_atime = statx_time(&from->atime), .stx_ctime = statx_time(&from->ctime),
        .stx_mtime = statx_time(&from->mtime),
        .stx_rdev_major = major(from->rdev), .stx_rdev_minor = minor(from->rdev),
        .stx_dev_major = major(from->device), .stx_dev_minor = minor(from->device),
    };
    return copy_out(user, &statx, sizeof(statx));
}

// The mask says what the caller needs; more may be given, and all of it costs nothing here.
long sys_statx(struct trap_frame *call) {
    struct attributes attributes;
    uint32_t flags = call->a2, mask = call->a3;
    if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT |
                            AT_STATX_SYNC_TYPE))
        return -EINVAL;
    if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE || (mask & 0x80000000u))
        return -EINVAL;
    long result = of_name(call->a0, call->a1, flags, &attributes);
    return result ? result : statx_out(&attributes, call->a4);
}

static long statfs_of(const struct inode *inode, const struct mount *mount, struct statfs *out) {
    struct super *super = inode->super;
    int error = super->ops->statfs ? super->ops->statfs(super, out) : -ENOSYS;
    if (error)
        return error;
    // The ST_* flags of a mount have the values of its MS_* flags.
    unsigned long shown = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME;
    out->f_flags = ST_VALID | (mount_flags(mount) & shown) | (super->read_only ? ST_RDONLY : 0);
    out->f_fsid.val[0] = super->device_number;
    return 0;
}

long sys_statfs(struct trap_frame *call) {
    struct statfs statfs = { 0 };
    struct path path;
    struct name name;
    long result = name_copy_in(call->a0, &name);
    if (result)
        return result;
    result = path_lookup(AT_FDCWD, name.text, LOOKUP_FOLLOW, &path);
    name_free(&name);
    if (result)
        return result;
    result = statfs_of(path_inode(&path), path.mount, &statfs);
    path_put(&path);
    return result ? result : copy_out(call->a1, &statfs, sizeof(statfs));
}

long sys_fstatfs(struct trap_frame *call) {
    struct statfs statfs = { .f_type = PIPEFS_MAGIC, .f_bsize = PAGE_SIZE, .f_namelen = 255 };
    struct file *file = fd_hold(call->a0);
    if (!file)
        return -EBADF;
    long result = file->inode && file->mount ? statfs_of(file->inode, file->mount, &statfs) : 0;
    file_put(file);
    return result ? result : copy_out(call->a1, &statfs, sizeof(statfs));
}
