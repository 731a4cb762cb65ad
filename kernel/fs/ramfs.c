// ramfs: inodes and the superblock. File data are pages that are pinned once they are written.
#include <abi/errno.h>
#include <abi/stat.h>
#include <abi/statfs.h>
#include <fs/ramfs_internal.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <mm/memory_object.h>
#include <mm/swap.h>

#define ROOT_NUMBER 1

// Half of the memory may be pinned, over all file systems that live in it, and what the swap disks have
// room for.
static uint64_t page_limit(void) { return (frame_limit - frame_first) / 2 + swap_free(); }

static const struct page_object_ops page_ops = {
    .read_page = memory_page_read,
    .size = inode_pages_size, .prepare_write = inode_pages_prepare_write,
};

static void count_blocks(struct inode *inode) {
    inode->blocks = inode->pages.pinned * (PAGE_SIZE / 512);
}

static int ramfs_truncate(struct inode *inode, uint64_t size) {
    bool shrinks = size < inode->size;
    __atomic_store_n(&inode->size, size, __ATOMIC_RELEASE);
    if (!shrinks)
        return 0;
    page_object_truncate(&inode->pages, (size + PAGE_SIZE - 1) / PAGE_SIZE);
    count_blocks(inode);
    return page_object_zero_tail(&inode->pages, size);
}

static int ramfs_reserve(struct inode *inode, uint64_t offset, uint64_t size) {
    uint64_t pages = (offset % PAGE_SIZE + size + PAGE_SIZE - 1) / PAGE_SIZE;
    inode->blocks = (inode->pages.pinned + pages) * (PAGE_SIZE / 512);
    return page_pinned_count() + pages > page_limit() ? -ENOSPC : 0;
}

static long ramfs_readlink(struct inode *inode, char *buffer, size_t size) {
    return strlcpy(buffer, inode->private, size) < size ? (long)inode->size : -ENAMETOOLONG;
}

static const struct inode_ops file_ops = { .truncate = ramfs_truncate, .reserve = ramfs_reserve };
static const struct inode_ops symlink_ops = { .readlink = ramfs_readlink };
static const struct inode_ops node_ops;     // devices and fifos: nothing of their own

static const struct inode_ops *ops_of(uint32_t mode) {
    switch (mode & S_IFMT) {
    case S_IFDIR: return &ramfs_dir_ops;
    case S_IFREG: return &file_ops;
    case S_IFLNK: return &symlink_ops;
    default: return &node_ops;
    }
}

int ramfs_make(struct super *super, uint32_t mode, uint32_t device, uint32_t uid, uint32_t gid,
               uint64_t parent, struct inode **out) {
    uint64_t *next_number = super->private;
    uint64_t number = __atomic_fetch_add(next_number, 1, __ATOMIC_RELAXED);
    struct ramfs_dir *dir = NULL;
    if (S_ISDIR(mode) && !(dir = ramfs_dir_create(parent ? parent : number)))
        return -ENOMEM;
    struct inode *inode = inode_create(super, number);
    if (!inode) {
        ramfs_dir_free(dir);
        return -ENOMEM;
    }
    inode->mode = mode;
    inode->device = device;
    inode->uid = uid;
    inode->gid = gid;
    inode->links = S_ISDIR(mode) ? 2 : 1;
    inode->atime = inode->mtime = inode->ctime = inode_time_now();
    inode->ops = ops_of(mode);
    inode->private = dir;
    inode->resident = true;
    inode->pages.ops = &page_ops;
    inode->pages.in_memory = true;
    inode_made(inode, 0);
    *out = inode;
    return 0;
}

int ramfs_make_file(struct super *super, uint32_t mode, struct inode **out) {
    return ramfs_make(super, mode, 0, 0, 0, 0, out);
}

// Every inode is in memory: one that is not does not exist.
static int ramfs_inode_read(struct inode *inode) {
    (void)inode;
    return -ENOENT;
}

static void ramfs_inode_forget(struct inode *inode) {
    if (S_ISDIR(inode->mode))
        ramfs_dir_free(inode->private);
    else
        kfree(inode->private);          // a symlink's target
}

static int ramfs_statfs(struct super *super, struct statfs *out) {
    uint64_t used = page_pinned_count(), limit = page_limit();
    *out = (struct statfs){
        .f_type = TMPFS_MAGIC, .f_bsize = super->block_size, .f_frsize = super->block_size,
        .f_blocks = limit, .f_bfree = used < limit ? limit - used : 0, .f_namelen = 255,
    };
    out->f_bavail = out->f_bfree;
    return 0;
}

static void ramfs_unmount(struct super *super) { kfree(super->private); }

static const struct super_ops super_ops = {
    .inode_read = ramfs_inode_read, .inode_forget = ramfs_inode_forget, .statfs = ramfs_statfs,
    .unmount = ramfs_unmount,
};

int ramfs_mount(struct super *super, const char *options) {
    (void)options;
    uint64_t *next_number = kmalloc(sizeof(*next_number));
    if (!next_number)
        return -ENOMEM;
    *next_number = ROOT_NUMBER;
    super->ops = &super_ops;
    super->block_size = PAGE_SIZE;
    super->private = next_number;
    int error = ramfs_make(super, S_IFDIR | 0755, 0, 0, 0, 0, &super->root);
    if (error)
        kfree(next_number);
    return error;
}

void ramfs_register(void) {
    static struct file_system ramfs = { .name = "ramfs", .mount = ramfs_mount };
    static struct file_system tmpfs = { .name = "tmpfs", .mount = ramfs_mount };
    file_system_register(&ramfs);
    file_system_register(&tmpfs);
}
