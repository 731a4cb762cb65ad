// Making and removing names: mkdir, mknod, symlink, link, unlink, rmdir.
#include <abi/errno.h>
#include <abi/stat.h>
#include <fs/cred.h>
#include <fs/walk.h>
#include <lib/string.h>
#include <sched/thread.h>

int name_begin(int dirfd, const char *name, unsigned flags, int special,
               struct name_place *place) {
    int error = walk_path(dirfd, name, LOOKUP_PARENT | flags, &place->walk);
    if (error)
        return error;
    place->dir = path_inode(&place->walk.path);
    if (place->walk.kind != LAST_NAME) {
        walk_end(&place->walk);
        return special;
    }
    mutex_lock(&place->dir->lock);
    error = dentry_lookup(place->walk.path.dentry, &place->walk.last, &place->dentry);
    if (error) {
        mutex_unlock(&place->dir->lock);
        walk_end(&place->walk);
    }
    return error;
}

void name_end(struct name_place *place) {
    mutex_unlock(&place->dir->lock);
    dentry_put(place->dentry);
    walk_end(&place->walk);
}

int may_create(struct inode *dir, const struct dentry *dentry) {
    if (dentry->inode)
        return -EEXIST;
    if (dir->dead)
        return -ENOENT;
    int error = permission(dir, thread_current()->cred, MAY_WRITE | MAY_EXEC);
    return !error && !dir->ops->create ? -EPERM : error;
}

int may_remove(struct inode *dir, const struct dentry *dentry, bool directory) {
    const struct cred *cred = thread_current()->cred;
    const struct inode *inode = dentry->inode;
    if (!inode)
        return -ENOENT;
    int error = permission(dir, cred, MAY_WRITE | MAY_EXEC);
    if (error)
        return error;
    if ((dir->mode & S_ISVTX) && permission_owner(dir, cred) && permission_owner(inode, cred))
        return -EPERM;
    if (directory && !S_ISDIR(inode->mode))
        return -ENOTDIR;
    if (!directory && S_ISDIR(inode->mode))
        return -EISDIR;
    return dentry->mounts > 0 ? -EBUSY : 0;
}

void inode_touch_change(struct inode *inode) {
    inode->ctime = inode_time_now();
    inode_mark_dirty(inode);
}

int create_in(struct name_place *place, uint32_t mode, uint32_t device) {
    struct inode *dir = place->dir, *inode;
    const struct cred *cred = thread_current()->cred;
    uint32_t uid = cred ? cred->fsuid : 0, gid = cred ? cred->fsgid : 0;
    int error = may_create(dir, place->dentry);
    if (error)
        return error;
    if (dir->mode & S_ISGID) {
        gid = dir->gid;
        if (S_ISDIR(mode))
            mode |= S_ISGID;
    }
    const struct name *name = &place->walk.last;
    error = dir->ops->create(dir, name->text, name->length, mode & ~fs_umask(), device, uid, gid,
                             &inode);
    if (!error)
        dentry_fill(place->dentry, inode);
    return error;
}

int path_mknod(int dirfd, const char *name, uint32_t mode, uint32_t device) {
    struct name_place place;
    int error = name_begin(dirfd, name, 0, -EEXIST, &place);
    if (error)
        return error;
    bool slash = place.walk.trailing_slash && !place.dentry->inode;
    error = slash ? -ENOENT : create_in(&place, mode, device);
    name_end(&place);
    return error;
}

int path_mkdir(int dirfd, const char *name, uint32_t mode) {
    struct name_place place;
    int error = name_begin(dirfd, name, 0, -EEXIST, &place);
    if (error)
        return error;
    error = create_in(&place, S_IFDIR | (mode & (0777 | S_ISVTX)), 0);
    name_end(&place);
    return error;
}

static int symlink_in(struct name_place *place, const char *target) {
    struct inode *dir = place->dir, *inode;
    const struct cred *cred = thread_current()->cred;
    const struct name *name = &place->walk.last;
    if (place->walk.trailing_slash && !place->dentry->inode)
        return -ENOENT;
    int error = may_create(dir, place->dentry);
    if (error)
        return error;
    if (!dir->ops->symlink)
        return -EPERM;
    error = dir->ops->symlink(dir, name->text, name->length, target, cred ? cred->fsuid : 0,
                              dir->mode & S_ISGID ? dir->gid : cred ? cred->fsgid : 0, &inode);
    if (!error)
        dentry_fill(place->dentry, inode);
    return error;
}

int path_symlink(const char *target, int dirfd, const char *name) {
    struct name_place place;
    if (!*target)
        return -ENOENT;
    int error = name_begin(dirfd, name, 0, -EEXIST, &place);
    if (error)
        return error;
    error = symlink_in(&place, target);
    name_end(&place);
    return error;
}

static int link_in(struct name_place *place, const struct path *old) {
    struct inode *dir = place->dir, *inode = path_inode(old);
    const struct name *name = &place->walk.last;
    if (place->walk.trailing_slash && !place->dentry->inode)
        return -ENOENT;
    int error = may_create(dir, place->dentry);
    if (error)
        return error;
    if (old->mount != place->walk.path.mount)
        return -EXDEV;
    if (S_ISDIR(inode->mode) || !dir->ops->link)
        return -EPERM;
    mutex_lock(&inode->lock);
    error = inode->links > 0 ? dir->ops->link(dir, name->text, name->length, inode) : -ENOENT;
    mutex_unlock(&inode->lock);
    if (!error)
        dentry_fill(place->dentry, inode_hold(inode));
    return error;
}

int path_link(int old_dirfd, const char *old_name, int new_dirfd, const char *new_name,
              unsigned lookup_flags) {
    struct path old;
    struct name_place place;
    int error = path_lookup(old_dirfd, old_name, lookup_flags, &old);
    if (error)
        return error;
    error = name_begin(new_dirfd, new_name, 0, -EEXIST, &place);
    if (!error) {
        error = link_in(&place, &old);
        name_end(&place);
    }
    path_put(&old);
    return error;
}

// Removes the name at `place`, which leads to `inode`. The child's lock comes after the
// directory's: nobody fills a directory, or links a file, while it is removed.
static int unlink_in(struct name_place *place, struct inode *inode, bool directory) {
    struct inode *dir = place->dir;
    const struct name *name = &place->walk.last;
    int (*remove)(struct inode *, const char *, size_t, struct inode *) =
        directory ? dir->ops->rmdir : dir->ops->unlink;
    if (!remove)
        return -EPERM;
    mutex_lock(&inode->lock);
    // Looked at once more: something may have been mounted there until this lock was taken.
    int error = place->dentry->mounts > 0 ? -EBUSY : remove(dir, name->text, name->length, inode);
    if (!error && directory)
        inode->dead = true;
    mutex_unlock(&inode->lock);
    if (!error)
        dentry_unlinked(place->dentry);
    return error;
}

// Why "." and the like cannot be removed.
static int special_error(enum last_kind kind, bool directory) {
    if (!directory)
        return -EISDIR;
    return kind == LAST_DOT ? -EINVAL : kind == LAST_DOTDOT ? -ENOTEMPTY : -EBUSY;
}

int path_unlink(int dirfd, const char *name, bool directory) {
    struct name_place place;
    int error = name_begin(dirfd, name, 0, 1, &place);
    if (error > 0)
        return special_error(place.walk.kind, directory);
    if (error)
        return error;
    error = may_remove(place.dir, place.dentry, directory);
    if (!error && !directory && place.walk.trailing_slash)
        error = -ENOTDIR;
    struct inode *inode = NULL;
    if (!error) {
        inode = inode_hold(place.dentry->inode);
        error = unlink_in(&place, inode, directory);
    }
    name_end(&place);
    inode_put(inode);               // the last one deletes: without the directory's lock
    return error;
}
