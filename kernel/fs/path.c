// Places in the name space: references, lookups, absolute names, and every process's own view.
#include <abi/errno.h>
#include <fs/mount.h>
#include <fs/walk.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <sched/thread.h>

struct path path_hold(struct path path) {
    spin_lock(&dentry_lock);
    path.mount->refs++;
    dentry_hold_locked(path.dentry);
    spin_unlock(&dentry_lock);
    return path;
}

void path_put(struct path *path) {
    if (!path->dentry)
        return;
    struct list dead = LIST_INIT(dead);
    spin_lock(&dentry_lock);
    path->mount->refs--;
    dentry_put_locked(path->dentry, &dead);
    spin_unlock(&dentry_lock);
    dentry_bury(&dead);
    *path = (struct path){ NULL, NULL };
}

struct inode *path_inode(const struct path *path) { return path->dentry->inode; }

int path_lookup(int dirfd, const char *name, unsigned flags, struct path *out) {
    struct walk_result result;
    int error = walk_path(dirfd, name, flags, &result);
    if (error)
        return error;
    *out = result.path;
    kfree(result.link_text);
    return 0;
}

int path_lookup_inode_as(const struct cred *cred, int dirfd, const char *name, unsigned flags,
                         struct inode **out) {
    struct walk_result result;
    int error = walk_path_as(cred, dirfd, name, flags, &result);
    if (error)
        return error;
    *out = inode_hold(path_inode(&result.path));
    walk_end(&result);
    return 0;
}

int path_lookup_inode(int dirfd, const char *name, unsigned flags, struct inode **out) {
    return path_lookup_inode_as(thread_current()->cred, dirfd, name, flags, out);
}

// One step up from *at, over mounts; false at `root` or the top of everything.
static bool name_step_up(struct path *at, const struct path *root) {
    while (at->dentry == at->mount->root) {
        if ((at->dentry == root->dentry && at->mount == root->mount) || !at->mount->parent)
            return false;
        *at = (struct path){ at->mount->parent, at->mount->point };
    }
    return at->dentry != root->dentry || at->mount != root->mount;
}

long path_name_locked(struct path at, const struct path *root, char *buffer, size_t size) {
    size_t start = size;
    while (name_step_up(&at, root)) {
        struct dentry *dentry = at.dentry;
        if (dentry->length + 1u > start)
            return -ERANGE;
        start -= dentry->length;
        memcpy(buffer + start, dentry->name, dentry->length);
        buffer[--start] = '/';
        at.dentry = dentry->parent;
    }
    if (start == size && start > 0)
        buffer[--start] = '/';
    size_t length = size - start;
    if (length + 1 > size)
        return -ERANGE;
    memmove(buffer, buffer + start, length);
    buffer[length] = '\0';
    return length;
}

// As seen from the calling thread's root. *deleted: it is no more there.
static long name_now(const struct path *path, char *buffer, size_t size, bool *deleted) {
    struct fs_context *context = thread_current()->fs;
    spin_lock(&dentry_lock);
    struct path root = { mount_at_root, mount_at_root->root };
    if (context)
        root = context->root;
    long length = path_name_locked(*path, &root, buffer, size);
    *deleted = dentry_nameless(path->dentry);
    spin_unlock(&dentry_lock);
    return length;
}

long path_name(const struct path *path, char *buffer, size_t size) {
    bool deleted;
    long length = name_now(path, buffer, size, &deleted);
    return deleted ? -ENOENT : length;
}

void path_describe(const struct path *path, char *buffer, size_t size) {
    bool deleted;
    if (name_now(path, buffer, size, &deleted) < 0)
        strlcpy(buffer, "(a long name)", size);
    size_t length = strlen(buffer);
    if (deleted)
        strlcpy(buffer + length, " (deleted)", size - length);
}

struct fs_context *fs_context_create(void) {
    struct fs_context *context = kzalloc(sizeof(*context));
    if (!context)
        return NULL;
    struct path root = { mount_at_root, mount_at_root->root };
    context->refs = 1;
    context->umask = 022;
    context->root = path_hold(root);
    context->cwd = path_hold(root);
    return context;
}

struct fs_context *fs_context_copy(struct fs_context *from) {
    struct fs_context *context = kmalloc(sizeof(*context));
    if (!context)
        return NULL;
    context->refs = 1;
    context->umask = __atomic_load_n(&from->umask, __ATOMIC_RELAXED);
    spin_lock(&dentry_lock);
    context->root = from->root;
    context->cwd = from->cwd;
    context->root.mount->refs++;
    context->cwd.mount->refs++;
    dentry_hold_locked(context->root.dentry);
    dentry_hold_locked(context->cwd.dentry);
    spin_unlock(&dentry_lock);
    return context;
}

struct fs_context *fs_context_hold(struct fs_context *from) {
    __atomic_fetch_add(&from->refs, 1, __ATOMIC_RELAXED);
    return from;
}

void fs_context_put(struct fs_context *context) {
    if (!context || __atomic_sub_fetch(&context->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    path_put(&context->root);
    path_put(&context->cwd);
    kfree(context);
}

void fs_context_set(struct path path, bool root) {
    struct fs_context *context = thread_current()->fs;
    spin_lock(&dentry_lock);
    struct path *place = root ? &context->root : &context->cwd;
    struct path old = *place;
    *place = path;
    spin_unlock(&dentry_lock);
    path_put(&old);
}

uint32_t fs_umask(void) {
    struct fs_context *context = thread_current()->fs;
    return context ? __atomic_load_n(&context->umask, __ATOMIC_RELAXED) : 0;
}
