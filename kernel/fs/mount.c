// Mounting and unmounting.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/mount.h>
#include <abi/stat.h>
#include <block/block.h>
#include <fs/mount.h>
#include <lib/string.h>
#include <mm/heap.h>

#define MOUNT_FLAGS (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME |  \
                     MS_RELATIME)
// Accepted without effect: what they ask for is so anyway, or is a matter of speed alone.
#define MOUNT_FLAGS_IGNORED (MS_SILENT | MS_STRICTATIME | MS_LAZYTIME | MS_SYNCHRONOUS | MS_DIRSYNC)

struct mount *mount_at_root;
static uint32_t last_id;                            // atomic
struct list mount_list = LIST_INIT(mount_list);

struct super *mount_super(const struct mount *mount) { return mount->super; }
unsigned long mount_flags(const struct mount *mount) {
    return __atomic_load_n(&mount->flags, __ATOMIC_RELAXED);
}

// The mount on `place`, or NULL. dentry_lock is held.
static struct mount *mount_on(const struct path *place) {
    struct mount *mount;
    list_for_each(mount, &mount_list, node) {
        if (mount->point == place->dentry && mount->parent == place->mount && !mount->leaving)
            return mount;
    }
    return NULL;
}

void mount_cross(struct path *place) {
    struct mount *mount;
    while (place->dentry->mounts > 0 && (mount = mount_on(place)))
        *place = (struct path){ mount, mount->root };
}

// The device that `source` names: a block device node, or just "vda".
static int find_device(const char *source, struct block_device **out) {
    struct inode *inode;
    *out = block_device_find(strncmp(source, "/dev/", 5) == 0 ? source + 5 : source);
    if (*out)
        return 0;
    int error = path_lookup_inode(AT_FDCWD, source, LOOKUP_FOLLOW, &inode);
    if (error)
        return error;
    if (S_ISBLK(inode->mode))
        *out = block_device_by_number(inode->device);
    error = S_ISBLK(inode->mode) ? -ENXIO : -ENOTBLK;
    inode_put(inode);
    return *out ? 0 : error;
}

static int mount_new_super(const char *source, const char *type_name, bool read_only,
                           const char *options, struct super **out) {
    const struct file_system *type = file_system_find(type_name);
    struct block_device *device = NULL;
    if (!type)
        return -ENODEV;
    int error = type->needs_device ? find_device(source, &device) : 0;
    return error ? error : super_mount(type, device, read_only, options, out);
}

// A mount with its root dentry, hung up nowhere yet.
static struct mount *mount_alloc(struct super *super, const char *source, unsigned long flags) {
    struct mount *mount = kzalloc(sizeof(*mount));
    if (!mount)
        return NULL;
    mount->refs = 1;
    mount->id = __atomic_add_fetch(&last_id, 1, __ATOMIC_RELAXED);
    mount->super = super;
    mount->flags = flags;
    mount->source = kstrdup(source);
    mount->root = mount->source ? dentry_create_root(super->root) : NULL;
    if (mount->root)
        return mount;
    kfree(mount->source);
    kfree(mount);
    return NULL;
}

static void mount_free(struct mount *mount) {
    dentry_put(mount->root);
    kfree(mount->source);
    kfree(mount);
}

int mount_super_at_root(struct super *super, const char *source) {
    assert(!mount_at_root);
    struct mount *mount = mount_alloc(super, source, super->read_only ? MS_RDONLY : 0);
    if (!mount)
        return -ENOMEM;
    spin_lock(&dentry_lock);
    mount_at_root = mount;
    list_push_back(&mount_list, &mount->node);
    spin_unlock(&dentry_lock);
    return 0;
}

int mount_root(const char *source, const char *type, bool read_only) {
    struct super *super;
    int error = mount_new_super(source, type, read_only, NULL, &super);
    if (error)
        return error;
    error = mount_super_at_root(super, source);
    if (error && super_unmount(super) != 0)
        panic("a new file system is in use");
    return error;
}

// Hangs `mount` up at `place`, whose references it takes over: 0 or -ENOENT (removed meanwhile). The
// directory's lock keeps those out who remove it.
static int mount_attach(struct mount *mount, const struct path *place) {
    struct inode *directory = path_inode(place);
    mutex_lock(&directory->lock);
    bool gone = directory->dead;            // its dentry still has the name, for a moment
    if (!gone) {
        spin_lock(&dentry_lock);
        mount->parent = place->mount;
        mount->point = place->dentry;
        mount->point->mounts++;
        list_push_back(&mount_list, &mount->node);
        spin_unlock(&dentry_lock);
    }
    mutex_unlock(&directory->lock);
    return gone ? -ENOENT : 0;
}

static int mount_at(const struct path *place, const char *source, const char *type,
                    unsigned long flags, const char *options) {
    struct super *super;
    int error = mount_new_super(source, type, flags & MS_RDONLY, options, &super);
    if (error)
        return error;
    struct mount *mount = mount_alloc(super, source, flags & MOUNT_FLAGS);
    error = mount ? mount_attach(mount, place) : -ENOMEM;
    if (!error)
        return 0;
    if (mount)
        mount_free(mount);
    dentry_prune_super(super);
    if (super_unmount(super) != 0)
        panic("a new file system is in use");
    return error;
}

static int mount_change(const struct path *place, unsigned long flags) {
    struct mount *mount = place->mount;
    if (place->dentry != mount->root)
        return -EINVAL;
    int error = super_remount(mount->super, flags & MS_RDONLY);
    if (!error)
        __atomic_store_n(&mount->flags, flags & MOUNT_FLAGS, __ATOMIC_RELAXED);
    return error;
}

int mount_add(const char *source, const char *target, const char *type, unsigned long flags,
              const char *options) {
    struct path place;
    if (flags & ~(unsigned long)(MOUNT_FLAGS | MOUNT_FLAGS_IGNORED | MS_REMOUNT))
        return -EINVAL;
    int error = path_lookup(AT_FDCWD, target, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &place);
    if (error)
        return error;
    if (flags & MS_REMOUNT)
        error = mount_change(&place, flags);
    else if (!(error = mount_at(&place, source, type, flags, options)))
        return 0;                   // the mount has the references now
    path_put(&place);
    return error;
}

// Lets nobody into a mount any more that nobody but the caller, by one reference, uses: 0 or -EBUSY. Its
// place stays taken, so that nobody removes that.
static int mount_close(struct mount *mount) {
    spin_lock(&dentry_lock);
    mount->leaving = mount->parent && mount->refs == 2;
    int error = mount->leaving ? 0 : -EBUSY;
    spin_unlock(&dentry_lock);
    return error;
}

// After mount_close: takes it off the tree, or lets callers in again.
static void mount_leave(struct mount *mount, bool goes) {
    spin_lock(&dentry_lock);
    mount->leaving = false;
    if (goes) {
        list_remove(&mount->node);
        mount->point->mounts--;
    }
    spin_unlock(&dentry_lock);
}

int mount_remove(const char *target) {
    struct path place;
    int error = path_lookup(AT_FDCWD, target, LOOKUP_FOLLOW, &place);
    if (error)
        return error;
    struct mount *mount = place.mount;
    error = place.dentry == mount->root ? mount_close(mount) : -EINVAL;
    path_put(&place);
    if (error)
        return error;
    struct super *super = mount->super;
    dentry_prune_super(super);
    bool busy = super_busy(super);          // by a call that has an inode and no path
    mount_leave(mount, !busy);
    if (busy)
        return -EBUSY;
    struct path point = { mount->parent, mount->point };
    mount_free(mount);
    path_put(&point);
    return super_unmount(super);
}
