// open: from a name and flags to an open file.
#include <abi/errno.h>
#include <abi/mount.h>
#include <abi/stat.h>
#include <fs/cred.h>
#include <fs/device.h>
#include <fs/file.h>
#include <fs/mount.h>
#include <fs/walk.h>
#include <sched/thread.h>

// A file whose own open failed is let go without its release.
static const struct file_ops nothing_file_ops;

// What an inode of this type is opened with, unless its file system says otherwise.
static const struct file_ops *ops_of(const struct inode *inode) {
    if (inode->file_ops)
        return inode->file_ops;
    switch (inode->mode & S_IFMT) {
    case S_IFREG: return &regular_file_ops;
    case S_IFDIR: return &directory_file_ops;
    case S_IFIFO: return &fifo_file_ops;
    case S_IFBLK: return &block_file_ops;
    case S_IFCHR: return char_device_find(inode->device);
    default: return NULL;
    }
}

// What kind of file it is against what is asked for.
static int check_kind(const struct path *path, uint32_t flags) {
    const struct inode *inode = path_inode(path);
    bool writes = (flags & O_ACCMODE) != O_RDONLY;
    if (S_ISLNK(inode->mode))
        return -ELOOP;                  // O_NOFOLLOW, or it would have been followed
    if (S_ISDIR(inode->mode))
        return writes || (flags & (O_CREAT | O_TRUNC)) ? -EISDIR : 0;
    if ((S_ISCHR(inode->mode) || S_ISBLK(inode->mode)) && (mount_flags(path->mount) & MS_NODEV))
        return -EACCES;
    return 0;
}

static int check_rights(const struct inode *inode, uint32_t flags) {
    const struct cred *cred = thread_current()->cred;
    int wanted = 0;
    if ((flags & O_ACCMODE) != O_WRONLY)
        wanted |= MAY_READ;
    if ((flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC))
        wanted |= MAY_WRITE;
    int error = permission(inode, cred, wanted);
    if (!error && (flags & O_NOATIME))
        error = permission_owner(inode, cred);
    return error;
}

int inode_truncate(struct inode *inode, uint64_t size) {
    int error = 0;
    mutex_lock(&inode->lock);
    if (!S_ISREG(inode->mode) || !inode->ops->truncate)
        error = -EINVAL;
    else if (size > file_max_size(inode))
        error = -EFBIG;
    else if (size > inode->size)
        error = page_object_zero_tail(&inode->pages, inode->size);
    if (!error)
        error = inode->ops->truncate(inode, size);
    if (!error) {
        inode->mtime = inode->ctime = inode_time_now();
        inode_mark_dirty(inode);
    }
    mutex_unlock(&inode->lock);
    return error;
}

int path_open_here(const struct path *path, uint32_t flags, struct file **out) {
    struct inode *inode = path_inode(path);
    const struct file_ops *ops = flags & O_PATH ? &path_file_ops : ops_of(inode);
    if (!ops)
        return -ENXIO;
    struct file *file = file_create(inode, ops, flags & ~(uint32_t)(O_CREAT | O_EXCL | O_TRUNC |
                                                                    O_CLOEXEC));
    if (!file)
        return -ENOMEM;
    file->mount = path->mount;
    file->dentry = path->dentry;
    int error = file->ops->open ? file->ops->open(inode, file) : 0;
    file->flags &= ~(uint32_t)O_NOCTTY;     // a terminal's open wanted to know
    if (error) {
        file_set_ops(file, &nothing_file_ops);
        file->mount = NULL;
        file->dentry = NULL;
        file_put(file);
        return error;
    }
    *out = file;
    return 0;
}

// Opens what is at `path`; `made`: this very call made it, so that its mode does not matter.
static int open_at(const struct path *path, uint32_t flags, bool made, struct file **out) {
    struct inode *inode = path_inode(path);
    if ((flags & O_DIRECTORY) && !S_ISDIR(inode->mode))
        return -ENOTDIR;
    if (flags & O_PATH)
        return path_open_here(path, flags, out);
    int error = check_kind(path, flags);
    if (!error && !made)
        error = check_rights(inode, flags);
    // A file of /proc has no length to cut, but `echo word >file` asks for it.
    if (!error && (flags & O_TRUNC) && !made && S_ISREG(inode->mode) && inode->ops->truncate)
        error = inode_truncate(inode, 0);
    return error ? error : path_open_here(path, flags, out);
}

// With the directory locked: the dentry that the last component of `place` leads to, made if it is
// not there. Its path, with references, goes to *out.
static int find_or_make(struct name_place *place, uint32_t flags, uint32_t mode, struct path *out,
                        bool *made) {
    struct dentry *dentry = place->dentry;
    if (dentry->inode && (flags & O_EXCL))
        return -EEXIST;
    if (!dentry->inode) {
        if (place->walk.trailing_slash)
            return -EISDIR;
        int error = create_in(place, S_IFREG | (mode & 07777), 0);
        if (error)
            return error;
        *made = true;
    }
    *out = (struct path){ place->walk.path.mount, dentry };
    spin_lock(&dentry_lock);
    mount_cross(out);
    out->mount->refs++;
    dentry_hold_locked(out->dentry);
    spin_unlock(&dentry_lock);
    return 0;
}

// open with O_CREAT, of a name that was not found or must not exist.
static int open_create(int dirfd, const char *name, uint32_t flags, uint32_t mode,
                       struct file **out) {
    struct name_place place;
    struct path path;
    bool made = false;
    bool follow = !(flags & (O_EXCL | O_NOFOLLOW));
    int error = name_begin(dirfd, name, follow ? LOOKUP_FOLLOW : 0,
                           flags & O_EXCL ? -EEXIST : -EISDIR, &place);
    if (error)
        return error;
    error = find_or_make(&place, flags, mode, &path, &made);
    name_end(&place);
    if (error)
        return error;
    error = open_at(&path, flags, made, out);
    if (error)
        path_put(&path);
    return error;
}

// O_PATH drops most flags; the others must make sense together.
static int normalise(uint32_t *flags) {
    if (*flags & O_PATH) {
        *flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
        return 0;
    }
    if ((*flags & O_TMPFILE) == O_TMPFILE)
        return -EOPNOTSUPP;
    if ((*flags & O_ACCMODE) == O_ACCMODE)
        return -EINVAL;
    if ((*flags & O_CREAT) && (*flags & O_DIRECTORY))
        return -EINVAL;
    return 0;
}

int path_open(int dirfd, const char *name, uint32_t flags, uint32_t mode, struct file **out) {
    struct path path;
    int error = normalise(&flags);
    if (error)
        return error;
    if ((flags & O_CREAT) && (flags & O_EXCL))
        return open_create(dirfd, name, flags, mode, out);
    error = path_lookup(dirfd, name, flags & O_NOFOLLOW ? 0 : LOOKUP_FOLLOW, &path);
    if (error == -ENOENT && (flags & O_CREAT))
        return open_create(dirfd, name, flags, mode, out);
    if (error)
        return error;
    error = open_at(&path, flags, false, out);
    if (error)
        path_put(&path);
    return error;
}
