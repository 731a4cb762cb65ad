// Superblocks: mounted file systems, and the kinds there are.
#include <abi/errno.h>
#include <debug/log.h>
#include <block/block.h>
#include <fs/inode_cache.h>
#include <lib/string.h>
#include <mm/heap.h>

struct list super_list = LIST_INIT(super_list);
struct mutex super_list_lock;

static struct list types = LIST_INIT(types);        // written at boot only
static uint32_t next_number = 1;                    // st_dev of those without a device

void super_init(void) { mutex_init(&super_list_lock, "superblocks"); }

void file_system_register(struct file_system *type) { list_push_back(&types, &type->node); }

const struct file_system *file_system_find(const char *name) {
    struct file_system *type;
    list_for_each(type, &types, node) {
        if (strcmp(type->name, name) == 0)
            return type;
    }
    return NULL;
}

const struct file_system *file_system_next(const struct file_system *type) {
    const struct list *next = type ? type->node.next : types.next;
    return next == &types ? NULL : container_of(next, struct file_system, node);
}

static struct super *super_alloc(const struct file_system *type, struct block_device *device,
                                 bool read_only) {
    struct super *super = kzalloc(sizeof(*super));
    if (!super)
        return NULL;
    super->type = type;
    super->device = device;
    super->read_only = read_only || (device && device->read_only);
    super->device_number = device ? device->number : next_number++;
    mutex_init(&super->rename_lock, "rename");
    list_init(&super->inodes);
    list_init(&super->dirty);
    list_init(&super->node);
    return super;
}

static bool device_mounted(const struct block_device *device) {
    struct super *super;
    list_for_each(super, &super_list, node) {
        if (device && super->device == device)
            return true;
    }
    return false;
}

static int mount_locked(const struct file_system *type, struct block_device *device,
                        bool read_only, const char *options, struct super **out) {
    if (device_mounted(device))
        return -EBUSY;
    struct super *super = super_alloc(type, device, read_only);
    if (!super)
        return -ENOMEM;
    int error = type->mount(super, options ? options : "");
    if (error) {
        // Inodes that were read before it failed are still cached, and know their superblock.
        if (!super->ops || super_forget_inodes(super))
            kfree(super);
        return error;
    }
    list_push_back(&super_list, &super->node);
    *out = super;
    return 0;
}

int super_mount(const struct file_system *type, struct block_device *device, bool read_only,
                const char *options, struct super **out) {
    if (type->needs_device != (device != NULL))
        return type->needs_device ? -ENOTBLK : -EINVAL;
    mutex_lock(&super_list_lock);
    int error = mount_locked(type, device, read_only, options, out);
    mutex_unlock(&super_list_lock);
    return error;
}

int super_unmount(struct super *super) {
    mutex_lock(&super_list_lock);
    int error = super_sync(super);
    if (!super_forget_inodes(super)) {
        mutex_unlock(&super_list_lock);
        return -EBUSY;
    }
    super->ops->unmount(super);
    list_remove(&super->node);
    mutex_unlock(&super_list_lock);
    if (error)
        log_error("%s: data lost at unmount: error %d", super->type->name, -error);
    kfree(super);
    return 0;
}

int super_remount(struct super *super, bool read_only) {
    if (read_only == super->read_only)
        return 0;
    if (!read_only && super->device && super->device->read_only)
        return -EROFS;
    if (read_only && __atomic_load_n(&super->writers, __ATOMIC_ACQUIRE) > 0)
        return -EBUSY;
    mutex_lock(&super_list_lock);
    int error = read_only ? super_sync(super) : 0;
    if (!error && super->ops->remount)
        error = super->ops->remount(super, read_only);
    if (!error)
        super->read_only = read_only;
    mutex_unlock(&super_list_lock);
    return error;
}
