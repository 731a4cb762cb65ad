// fs/ from its beginning at boot to its end at power-off.
#include <abi/errno.h>
#include <debug/log.h>
#include <fs/buffer.h>
#include <fs/cpio.h>
#include <fs/devfs.h>
#include <fs/ext2/ext2.h>
#include <fs/fs.h>
#include <fs/inode_cache.h>
#include <fs/mount.h>
#include <fs/ramfs.h>
#include <fs/shared_memory.h>

void fs_init(void) {
    super_init();
    inode_cache_init();
    dentry_init();
    buffer_init();
    ext2_register();
    ramfs_register();
    devfs_register();
    shared_memory_init();
    memory_devices_init();
}

int fs_mount_initrd(const void *archive, size_t size) {
    int error = mount_root("initrd", "ramfs", false);
    return error ? error : cpio_unpack(archive, size);
}

void fs_mount_devices(void) {
    int error = mount_add("devices", "/dev", "devfs", 0, NULL);
    if (!error)
        error = mount_add("devpts", "/dev/pts", "devpts", 0, NULL);
    if (error)
        log_error("/dev: the devices cannot be mounted: error %d", -error);
}

void fs_start_writeback(void) { writeback_start(); }

// Users are gone, or do not matter any more: every file system is written and becomes read-only,
// which marks it clean.
void fs_shutdown(void) {
    struct super *super;
    mutex_lock(&super_list_lock);
    list_for_each(super, &super_list, node) {
        int error = super->read_only ? 0 : super_sync(super);
        if (!error && !super->read_only && super->ops->remount)
            error = super->ops->remount(super, true);
        super->read_only = true;
        if (error)
            log_error("%s: not written completely: error %d", super->type->name, -error);
    }
    mutex_unlock(&super_list_lock);
}
