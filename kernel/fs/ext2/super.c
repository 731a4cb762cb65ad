// The file system as a whole: mounting, syncing, damage.
#include "ext2.h"
#include "ext2_private.h"

#include <abi/stat.h>
#include <abi/statfs.h>
#include <debug/log.h>
#include <fs/inode_cache.h>
#include <lib/format.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <stdarg.h>

#define DAMAGE_LINES 10                 // logged for one mount: a bad disk must not flood the log

int ext2_damaged(struct ext2 *fs, const char *format, ...) {
    char what[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    if (fs->damage_count++ < DAMAGE_LINES)
        log_error("ext2: %s: %s%s", fs->super->device->name, what,
                  fs->super->read_only ? "" : "; read-only from now on");
    if (!fs->super->read_only) {
        fs->disk->state |= EXT2_STATE_ERROR;
        fs->super_dirty = true;
        fs->super->read_only = true;
        fs->read_only_reason = "it is damaged";
    }
    return -EUCLEAN;
}

static int write_super(struct ext2 *fs) {
    mutex_lock(&fs->lock);
    fs->super_dirty = false;
    fs->disk->write_time = (uint32_t)inode_time_now().tv_sec;
    int error = block_transfer(fs->super->device, BLOCK_WRITE, EXT2_SUPER_OFFSET / SECTOR_SIZE,
                               fs->disk, EXT2_SUPER_SIZE);
    fs->buffers.unflushed = true;
    mutex_unlock(&fs->lock);
    return error;
}

static int flush(struct ext2 *fs) {
    fs->buffers.unflushed = false;
    return block_flush(fs->super->device);
}

// Data and inodes were written before, by the caller; here follow the metadata, and the
// superblock, which must not claim what is not there.
static int sync(struct super *super) {
    struct ext2 *fs = super->private;
    int error = buffer_cache_sync(&fs->buffers), next = 0;
    if (fs->super_dirty)
        next = write_super(fs);
    if (!error)
        error = next;
    if (fs->buffers.unflushed)
        next = flush(fs);
    return error ? error : next;
}

// Writes the state that says whether the file system is consistent. All else is stable before a
// claim that it is, and nothing is written before the claim that it is not is stable.
static int set_valid(struct ext2 *fs, bool valid) {
    int error = valid ? sync(fs->super) : 0;
    if (error)
        return error;
    if (valid)
        fs->disk->state |= EXT2_STATE_VALID;
    else
        fs->disk->state &= (uint16_t)~EXT2_STATE_VALID;
    error = write_super(fs);
    return error ? error : flush(fs);
}

static int start_writing(struct ext2 *fs) {
    fs->disk->mount_time = (uint32_t)inode_time_now().tv_sec;
    fs->disk->mount_count++;
    return set_valid(fs, false);
}

// An inode that has no name but is in use, with a reference, and not emptied yet; NULL: none.
static struct inode *find_orphan(struct super *super) {
    struct inode *inode, *found = NULL;
    spin_lock(&inode_cache_lock);
    list_for_each(inode, &super->inodes, super_node)
        if (inode->links == 0 && inode->state == INODE_LIVE &&
            ext2_inode_of(inode)->fate == EXT2_IN_USE) {
            found = inode_hold(inode);
            break;
        }
    spin_unlock(&inode_cache_lock);
    return found;
}

// Frees what is deleted but still open: the file system will be marked clean, and nobody
// else would do it. All other writing has ended. Damage that shows meanwhile ends it.
static void delete_orphans(struct super *super) {
    struct inode *inode;
    while (!super->read_only && (inode = find_orphan(super))) {
        page_object_truncate(&inode->pages, 0);
        ext2_inode_delete(inode);
        ext2_inode_release(inode);
        inode_put(inode);
    }
}

static int remount(struct super *super, bool read_only) {
    struct ext2 *fs = super->private;
    if (super->read_only == read_only)
        return 0;
    if (!read_only && (fs->read_only_reason || super->device->read_only))
        return -EROFS;
    if (read_only)
        delete_orphans(super);
    super->read_only = read_only;
    if (read_only)
        return fs->was_valid ? set_valid(fs, true) : sync(super);
    return start_writing(fs);
}

static int statfs(struct super *super, struct statfs *out) {
    struct ext2 *fs = super->private;
    const struct ext2_disk_super *disk = fs->disk;
    uint32_t own = (fs->table_blocks + 2) * fs->group_count + fs->first_free_block;
    uint32_t free = disk->free_blocks, kept = disk->reserved_blocks;
    *out = (struct statfs){
        .f_type = EXT2_MAGIC,
        .f_bsize = fs->block_size,
        .f_frsize = fs->block_size,
        .f_blocks = disk->blocks_count > own ? disk->blocks_count - own : 0,
        .f_bfree = free,
        .f_bavail = free > kept ? free - kept : 0,
        .f_files = disk->inodes_count,
        .f_ffree = disk->free_inodes,
        .f_namelen = EXT2_NAME_MAX,
    };
    memcpy(&out->f_fsid, disk->uuid, sizeof(out->f_fsid));
    return 0;
}

static void free_all(struct ext2 *fs) {
    ext2_free_groups(fs);
    if (fs->buffers.device)
        buffer_cache_destroy(&fs->buffers);
    kfree(fs->disk);
    kfree(fs);
}

static void unmount(struct super *super) {
    struct ext2 *fs = super->private;
    int error = fs->was_valid && !super->read_only ? set_valid(fs, true) : sync(super);
    if (error)
        log_error("ext2: %s: unmounting failed: error %d", super->device->name, -error);
    free_all(fs);
    super->private = NULL;
}

static const struct super_ops super_ops = {
    .inode_read = ext2_inode_read,
    .inode_write = ext2_inode_write,
    .inode_delete = ext2_inode_delete,
    .inode_forget = ext2_inode_forget,
    .sync = sync,
    .statfs = statfs,
    .remount = remount,
    .unmount = unmount,
};

// Reads and checks the superblock: 0, -EINVAL (with a line in the log that says why), -EIO, ...
static int read_super(struct ext2 *fs) {
    const char *name = fs->super->device->name;
    int error = block_transfer(fs->super->device, BLOCK_READ, EXT2_SUPER_OFFSET / SECTOR_SIZE,
                               fs->disk, EXT2_SUPER_SIZE);
    if (error)
        return error;
    const char *reason = ext2_check_super(fs);
    if (reason) {
        log_error("ext2: %s: not mounted: %s", name, reason);
        return -EINVAL;
    }
    fs->was_valid = fs->disk->state & EXT2_STATE_VALID;
    if (fs->disk->state & EXT2_STATE_ERROR)
        fs->read_only_reason = "it is damaged, e2fsck must mend it";
    else if (!fs->was_valid)
        log_warning("ext2: %s: was not cleanly unmounted, e2fsck is recommended", name);
    if (!fs->super->read_only && fs->read_only_reason)
        log_warning("ext2: %s: mounted read-only: %s", name, fs->read_only_reason);
    if (fs->read_only_reason || fs->super->device->read_only)
        fs->super->read_only = true;
    return 0;
}

static void set_limits(struct ext2 *fs) {
    uint64_t limit = ext2_map_limit(fs);
    uint64_t counted = (uint64_t)UINT32_MAX * SECTOR_SIZE;  // what an inode's `blocks` can say
    if (limit > counted)
        limit = counted;
    if (fs->disk->revision == 0)        // no large files there
        limit = INT32_MAX;
    fs->super->max_size = limit;
    fs->super->block_size = fs->block_size;
}

// Reads everything that the mount needs: 0 or -errno.
static int load(struct ext2 *fs) {
    struct super *super = fs->super;
    int error = read_super(fs);
    if (error)
        return error;
    buffer_cache_init(&fs->buffers, super->device, fs->block_size);
    set_limits(fs);
    error = ext2_load_groups(fs);
    if (!error)
        error = inode_get(super, EXT2_ROOT_INODE, &super->root);
    if (error)
        return error;
    if (!S_ISDIR(super->root->mode))
        error = ext2_damaged(fs, "the root is not a directory");
    else if (!super->read_only)
        error = start_writing(fs);
    if (error) {
        inode_put(super->root);
        super->root = NULL;
    }
    return error;
}

static int mount(struct super *super, const char *options) {
    (void)options;
    struct ext2 *fs = kzalloc(sizeof(*fs));
    if (!fs)
        return -ENOMEM;
    fs->super = super;
    fs->disk = kmalloc(EXT2_SUPER_SIZE);
    mutex_init(&fs->lock, "ext2 allocator");
    super->ops = &super_ops;
    super->private = fs;
    int error = fs->disk ? load(fs) : -ENOMEM;
    if (error) {
        free_all(fs);
        super->private = NULL;
    }
    return error;
}

void ext2_register(void) {
    static struct file_system ext2 = { .name = "ext2", .needs_device = true, .mount = mount };
    static struct file_system ext3 = { .name = "ext3", .needs_device = true, .mount = mount };
    file_system_register(&ext2);
    file_system_register(&ext3);
}
