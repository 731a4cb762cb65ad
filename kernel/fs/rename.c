// rename: the one call that changes two directories.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/stat.h>
#include <fs/cred.h>
#include <fs/mount.h>
#include <fs/walk.h>
#include <mm/heap.h>
#include <sched/thread.h>

struct rename {
    struct walk_result from, to;
    struct inode *old_dir, *new_dir;
    struct dentry *source, *target;     // with references
    char *storage;                      // for the new name in the dentry
    unsigned flags;
};

// Locks both directories: a parent before its child, unrelated ones by address. While the
// superblock's rename_lock is held, no directory changes its place.
static void lock_directories(struct rename *r) {
    struct inode *first = r->old_dir, *second = r->new_dir;
    if (first == second) {
        mutex_lock(&first->lock);
        return;
    }
    mutex_lock(&first->super->rename_lock);
    spin_lock(&dentry_lock);
    bool new_below = dentry_is_below(r->to.path.dentry, r->from.path.dentry);
    bool old_below = dentry_is_below(r->from.path.dentry, r->to.path.dentry);
    spin_unlock(&dentry_lock);
    if (old_below || (!new_below && second < first)) {
        first = r->new_dir;
        second = r->old_dir;
    }
    mutex_lock(&first->lock);
    mutex_lock(&second->lock);
}

static void unlock_directories(struct rename *r) {
    mutex_unlock(&r->old_dir->lock);
    if (r->old_dir == r->new_dir)
        return;
    mutex_unlock(&r->new_dir->lock);
    mutex_unlock(&r->old_dir->super->rename_lock);
}

// What may take the place of what (POSIX rename, errors), names and kinds only.
static int check_kinds(const struct rename *r) {
    struct inode *inode = r->source->inode, *target = r->target->inode;
    if (!inode)
        return -ENOENT;
    if (target && (r->flags & RENAME_NOREPLACE))
        return -EEXIST;
    if (!S_ISDIR(inode->mode) &&
        (r->from.trailing_slash || (r->to.trailing_slash && (!target || !S_ISDIR(target->mode)))))
        return -ENOTDIR;
    spin_lock(&dentry_lock);
    bool into_itself = dentry_is_below(r->to.path.dentry, r->source);
    bool over_parent = dentry_is_below(r->from.path.dentry, r->target);
    spin_unlock(&dentry_lock);
    if (into_itself)
        return -EINVAL;
    return over_parent ? -ENOTEMPTY : 0;
}

static int check_rights(const struct rename *r) {
    struct inode *inode = r->source->inode;
    bool directory = S_ISDIR(inode->mode);
    int error = may_remove(r->old_dir, r->source, directory);
    if (error)
        return error;
    error = r->target->inode ? may_remove(r->new_dir, r->target, directory)
                             : may_create(r->new_dir, r->target);
    if (error)
        return error;
    if (directory && r->old_dir != r->new_dir)      // its ".." changes
        return permission(inode, thread_current()->cred, MAY_WRITE);
    return 0;
}

static int move(struct rename *r) {
    struct inode *inode = r->source->inode, *target = r->target->inode;
    const struct name *from = &r->from.last, *to = &r->to.last;
    if (!r->old_dir->ops->rename)
        return -EPERM;
    if (target)
        mutex_lock(&target->lock);
    int error = r->target->mounts > 0 ? -EBUSY      // as in unlink
                : r->old_dir->ops->rename(r->old_dir, from->text, from->length, r->new_dir,
                                          to->text, to->length, inode, target);
    if (!error && target && S_ISDIR(target->mode))
        target->dead = true;
    if (target)
        mutex_unlock(&target->lock);
    if (!error)
        dentry_move(r->source, r->target, &r->storage);
    return error;
}

// With the directories locked.
static int rename_locked(struct rename *r) {
    int error = dentry_lookup(r->from.path.dentry, &r->from.last, &r->source);
    if (!error)
        error = dentry_lookup(r->to.path.dentry, &r->to.last, &r->target);
    if (!error)
        error = check_kinds(r);
    if (!error && r->source->inode == r->target->inode)
        return 0;                       // two names of one file: nothing to do, says POSIX
    if (!error)
        error = check_rights(r);
    return error ? error : move(r);
}

static int rename_walked(struct rename *r) {
    if (r->from.path.mount != r->to.path.mount)
        return -EXDEV;
    if (r->from.kind != LAST_NAME || r->to.kind != LAST_NAME)
        return r->from.kind == LAST_NAME && (r->flags & RENAME_NOREPLACE) ? -EEXIST : -EBUSY;
    int error = dentry_name_storage(r->to.last.length, &r->storage);
    if (error)
        return error;
    r->old_dir = path_inode(&r->from.path);
    r->new_dir = path_inode(&r->to.path);
    lock_directories(r);
    error = rename_locked(r);
    unlock_directories(r);
    dentry_put(r->source);
    dentry_put(r->target);              // may delete what was replaced
    kfree(r->storage);
    return error;
}

int path_rename(int old_dirfd, const char *old_name, int new_dirfd, const char *new_name,
                unsigned rename_flags) {
    struct rename r = { .flags = rename_flags };
    if (rename_flags & ~(unsigned)RENAME_NOREPLACE)
        return -EINVAL;                 // exchange and whiteout: not for these file systems
    int error = walk_path(old_dirfd, old_name, LOOKUP_PARENT, &r.from);
    if (error)
        return error;
    error = walk_path(new_dirfd, new_name, LOOKUP_PARENT, &r.to);
    if (!error) {
        error = rename_walked(&r);
        walk_end(&r.to);
    }
    walk_end(&r.from);
    return error;
}
