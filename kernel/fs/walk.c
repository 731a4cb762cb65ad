// The walk along a path.
//
// Names that are cached are walked with dentry_lock held and without taking references. Where the
// file system must be asked (a name that is not cached, a symlink's target) the walk pins the place
// it is at, lets go of the lock, and goes on from there: everything above a pinned place stays.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/limits.h>
#include <abi/stat.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/mount.h>
#include <fs/walk.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <sched/thread.h>

struct walk {
    struct path root;           // the caller's
    struct path at;             // no reference of its own
    struct path pin;            // what keeps `at`; empty at first
    const struct cred *cred;
    const char *rest;           // what is still to be walked
    char *link_text;            // holds `rest` once a symlink was followed
    unsigned flags;
    unsigned links;             // symlinks followed
    struct name name;           // the component at hand
    bool last, trailing_slash;
    enum last_kind kind;
};

// Moves the pin to `place`, whose references it takes over. Without dentry_lock.
static void walk_pin(struct walk *walk, struct path place) {
    struct path old = walk->pin;
    walk->pin = place;
    path_put(&old);
}

static struct path hold_locked(struct path place) {
    place.mount->refs++;
    dentry_hold_locked(place.dentry);
    return place;
}

// Cuts the next component off `rest`. -ENAMETOOLONG, or 0; an empty name at the end of the path.
static int next_name(struct walk *walk) {
    const char *c = walk->rest;
    while (*c == '/')
        c++;
    const char *start = c;
    uint32_t hash = NAME_HASH_START;
    for (; *c && *c != '/'; c++)
        hash = name_hash_step(hash, *c);
    if (c - start > NAME_MAX)
        return -ENAMETOOLONG;
    walk->name = (struct name){ start, c - start, hash };
    const char *after = c;
    while (*c == '/')
        c++;
    walk->last = *c == '\0';
    walk->trailing_slash = walk->last && c != after;
    walk->rest = c;
    return 0;
}

static enum last_kind name_kind(const struct name *name) {
    if (name->text[0] != '.' || name->length > 2)
        return LAST_NAME;
    if (name->length == 1)
        return LAST_DOT;
    return name->text[1] == '.' ? LAST_DOTDOT : LAST_NAME;
}

// May the walk go through the directory it is at?
static int may_search(const struct walk *walk) {
    const struct inode *inode = walk->at.dentry->inode;
    if (!S_ISDIR(inode->mode))
        return -ENOTDIR;
    if ((inode->mode & 0111) == 0111)
        return 0;
    return permission(inode, walk->cred, MAY_EXEC);
}

static void step_up(struct walk *walk) {
    struct path *at = &walk->at;
    for (;;) {
        if (at->dentry == walk->root.dentry && at->mount == walk->root.mount)
            return;
        if (at->dentry != at->mount->root)
            break;
        if (!at->mount->parent)
            return;
        *at = (struct path){ at->mount->parent, at->mount->point };
    }
    at->dentry = at->dentry->parent;
    mount_cross(at);
}

// Asks the file system for the name at hand. dentry_lock is released meanwhile. On success the walk
// is pinned at the directory, and *out has a reference: for the caller to give back unlocked.
static int ask(struct walk *walk, struct dentry **out) {
    struct path here = hold_locked(walk->at);
    spin_unlock(&dentry_lock);
    walk_pin(walk, here);
    mutex_lock(&here.dentry->inode->lock);
    int error = dentry_lookup(here.dentry, &walk->name, out);
    mutex_unlock(&here.dentry->inode->lock);
    spin_lock(&dentry_lock);
    return error;
}

// `target` and what is left of the path after it, allocated; NULL: no memory.
static char *join_rest(const struct walk *walk, const char *target, size_t length) {
    size_t rest = strlen(walk->rest);
    char *text = kmalloc(length + rest + 2);
    if (!text)
        return NULL;
    memcpy(text, target, length);
    if (rest > 0 || walk->trailing_slash)
        text[length++] = '/';
    memcpy(text + length, walk->rest, rest + 1);
    return text;
}

// Reads the target of `link` and puts what is left of the path after it: *out is allocated. In two
// steps, so that only a very long path needs more than a frame: two in a row may not be there.
static int read_target(struct walk *walk, struct inode *link, char **out) {
    if (!link->ops->readlink)
        return -EINVAL;
    char *target = kmalloc(PATH_MAX);
    if (!target)
        return -ENOMEM;
    long length = link->ops->readlink(link, target, PATH_MAX);
    int error = length < 0 ? length : length == 0 ? -ENOENT : 0;
    if (!error && !(*out = join_rest(walk, target, length)))
        error = -ENOMEM;
    kfree(target);
    return error;
}

// Goes on at the place that `link` leads to; -ENXIO: it leads along its text.
static int jump(struct walk *walk, struct inode *link) {
    struct path there;
    int error = link->ops->follow ? link->ops->follow(link, &there) : -ENXIO;
    if (!error) {
        walk_pin(walk, there);
        walk->at = there;
    }
    return error;
}

// Goes on along the target of the symlink `dentry`. dentry_lock is released meanwhile.
static int follow(struct walk *walk, struct dentry *dentry) {
    if (walk->links++ >= SYMLOOP_MAX)
        return -ELOOP;
    struct path here = hold_locked(walk->at);
    dentry_hold_locked(dentry);
    spin_unlock(&dentry_lock);
    walk_pin(walk, here);
    char *text = NULL;
    int error = jump(walk, dentry->inode);
    if (error == -ENXIO)
        error = read_target(walk, dentry->inode, &text);
    dentry_put(dentry);
    if (text) {
        kfree(walk->link_text);
        walk->link_text = text;
        walk->rest = text;
    }
    spin_lock(&dentry_lock);
    if (text && text[0] == '/')
        walk->at = walk->root;
    walk->kind = LAST_ROOT;
    return error;
}

static bool must_follow(const struct walk *walk, const struct dentry *dentry) {
    if (!dentry->inode || !S_ISLNK(dentry->inode->mode))
        return false;
    return !walk->last || (walk->flags & LOOKUP_FOLLOW) ||
           (walk->trailing_slash && !(walk->flags & LOOKUP_PARENT));
}

// From the directory the walk is at to the file of the name at hand. With LOOKUP_PARENT the last
// step is not taken (*stop is set).
static int step_down(struct walk *walk, bool *stop) {
    struct dentry *dentry = dentry_find(walk->at.dentry, &walk->name), *asked = NULL;
    int error = 0;
    if (!dentry) {
        error = ask(walk, &asked);
        dentry = asked;
    }
    if (!error && must_follow(walk, dentry))
        error = follow(walk, dentry);
    else if (!error && walk->last && (walk->flags & LOOKUP_PARENT))
        *stop = true;
    else if (!error && !dentry->inode)
        error = -ENOENT;
    else if (!error && asked) {
        struct path there = { walk->at.mount, asked };
        there.mount->refs++;
        walk->at = there;
        spin_unlock(&dentry_lock);
        walk_pin(walk, there);
        spin_lock(&dentry_lock);
        mount_cross(&walk->at);
        return 0;
    } else if (!error) {
        walk->at.dentry = dentry;
        mount_cross(&walk->at);
    }
    if (asked) {
        spin_unlock(&dentry_lock);
        dentry_put(asked);
        spin_lock(&dentry_lock);
    }
    return error;
}

// Walks `rest` to its end. dentry_lock is held before and after.
static int walk_run(struct walk *walk) {
    bool stop = false;
    int error = 0;
    while (!error && !stop) {
        error = next_name(walk);
        if (error || walk->name.length == 0)
            break;
        error = may_search(walk);
        if (error)
            break;
        walk->kind = name_kind(&walk->name);
        bool parent_only = walk->last && (walk->flags & LOOKUP_PARENT);
        if (walk->kind == LAST_NAME && parent_only && !(walk->flags & LOOKUP_FOLLOW))
            break;
        if (walk->kind == LAST_NAME)
            error = step_down(walk, &stop);
        else if (parent_only)
            break;
        else if (walk->kind == LAST_DOTDOT)
            step_up(walk);
        if (walk->last && walk->kind != LAST_ROOT)
            break;
    }
    return error;
}

// Where the walk starts. dentry_lock is held. A thread that shares the working directory may
// change it, but not before the walk first lets go of the lock, and then it is pinned.
static int walk_start(struct walk *walk, int dirfd, const char *name, const struct file *file) {
    struct fs_context *context = thread_current()->fs;
    struct path global = { mount_at_root, mount_at_root ? mount_at_root->root : NULL };
    if (!mount_at_root)
        return -ENOENT;
    walk->root = context ? context->root : global;
    if (*name == '/')
        walk->at = walk->root;
    else if (dirfd == AT_FDCWD)
        walk->at = context ? context->cwd : global;
    else
        walk->at = (struct path){ file->mount, file->dentry };
    return 0;
}

// The checks on the place where the walk ended.
static int walk_check_end(const struct walk *walk) {
    const struct inode *inode = walk->at.dentry->inode;
    if (walk->flags & LOOKUP_PARENT)
        return S_ISDIR(inode->mode) ? 0 : -ENOTDIR;
    if ((walk->trailing_slash || (walk->flags & LOOKUP_DIRECTORY)) && !S_ISDIR(inode->mode))
        return -ENOTDIR;
    return 0;
}

static int walk_from(struct walk *walk, int dirfd, const char *name, const struct file *file,
                     struct walk_result *out) {
    spin_lock(&dentry_lock);
    int error = walk_start(walk, dirfd, name, file);
    struct path root = walk->root;
    if (!error) {
        hold_locked(root);
        error = walk_run(walk);
        if (!error)
            error = walk_check_end(walk);
        if (!error)
            out->path = hold_locked(walk->at);
        struct list dead = LIST_INIT(dead);
        root.mount->refs--;
        dentry_put_locked(root.dentry, &dead);
        spin_unlock(&dentry_lock);
        dentry_bury(&dead);
    } else {
        spin_unlock(&dentry_lock);
    }
    path_put(&walk->pin);
    return error;
}

int walk_path(int dirfd, const char *name, unsigned flags, struct walk_result *out) {
    return walk_path_as(thread_current()->cred, dirfd, name, flags, out);
}

int walk_path_as(const struct cred *cred, int dirfd, const char *name, unsigned flags,
                 struct walk_result *out) {
    struct walk walk = { .cred = cred, .flags = flags, .rest = name, .kind = LAST_ROOT };
    struct file *file = NULL;
    if (!*name && !(flags & LOOKUP_EMPTY))
        return -ENOENT;
    if (*name != '/' && dirfd != AT_FDCWD) {
        file = fd_hold(dirfd);
        if (!file)
            return -EBADF;
    }
    int error = file && !file->dentry ? -ENOTDIR : walk_from(&walk, dirfd, name, file, out);
    if (file)
        file_put(file);
    if (error) {
        kfree(walk.link_text);
        return error;
    }
    out->kind = walk.kind;
    out->last = walk.name;
    out->trailing_slash = walk.trailing_slash;
    out->link_text = walk.link_text;
    return 0;
}

void walk_end(struct walk_result *result) {
    path_put(&result->path);
    kfree(result->link_text);
}
