// Inodes on the disk and in memory: reading, writing, creating, deleting.
#include "ext2_private.h"

#include <abi/stat.h>
#include <lib/string.h>
#include <mm/heap.h>

#define SYMLINK_LIMIT 4096              // PATH_MAX, with the NUL

// The inode's slot in its group's table; the buffer is the caller's to give back.
static int disk_inode_get(struct ext2 *fs, uint64_t number, struct buffer **buffer,
                          struct ext2_disk_inode **out) {
    assert(number >= 1 && number <= fs->disk->inodes_count);
    uint32_t group = (uint32_t)(number - 1) / fs->disk->inodes_per_group;
    uint32_t index = (uint32_t)(number - 1) % fs->disk->inodes_per_group;
    uint32_t per_block = fs->block_size / fs->inode_size;
    int error = buffer_get(&fs->buffers, fs->groups[group].disk->inode_table + index / per_block,
                           buffer);
    if (!error)
        *out = (void *)((uint8_t *)(*buffer)->data + index % per_block * fs->inode_size);
    return error;
}

// Has the slot room for the times' nanoseconds, and does it say so?
static bool has_extra_times(const struct ext2 *fs, const struct ext2_disk_inode *disk) {
    size_t need = offsetof(struct ext2_disk_inode, creation_time) - EXT2_INODE_SIZE_OLD;
    return fs->inode_size >= sizeof(*disk) && disk->extra_size >= need &&
           disk->extra_size <= fs->inode_size - EXT2_INODE_SIZE_OLD;
}

// Seconds are signed 32-bit plus two bits of epoch (ext4 wiki, "Inode Timestamps").
static struct timespec time_decode(uint32_t seconds, uint32_t extra) {
    uint32_t ns = extra >> 2;
    return (struct timespec){ (int32_t)seconds + ((long)(extra & 3) << 32),
                              ns < 1000000000 ? ns : 0 };
}

static uint32_t time_extra(struct timespec time) {
    long epoch = (time.tv_sec - (int32_t)time.tv_sec) >> 32;
    return (uint32_t)(epoch & 3) | (uint32_t)time.tv_nsec << 2;
}

static void decode_times(struct inode *inode, const struct ext2_disk_inode *disk) {
    bool extra = has_extra_times(ext2_of(inode), disk);
    inode->atime = time_decode(disk->atime, extra ? disk->atime_extra : 0);
    inode->mtime = time_decode(disk->mtime, extra ? disk->mtime_extra : 0);
    inode->ctime = time_decode(disk->ctime, extra ? disk->ctime_extra : 0);
}

static void encode_times(const struct inode *inode, struct ext2_disk_inode *disk) {
    disk->atime = (uint32_t)inode->atime.tv_sec;
    disk->mtime = (uint32_t)inode->mtime.tv_sec;
    disk->ctime = (uint32_t)inode->ctime.tv_sec;
    if (has_extra_times(ext2_of(inode), disk)) {
        disk->atime_extra = time_extra(inode->atime);
        disk->mtime_extra = time_extra(inode->mtime);
        disk->ctime_extra = time_extra(inode->ctime);
    }
}

bool ext2_has_blocks(const struct inode *inode) {
    const struct ext2_inode *own = ext2_inode_of(inode);
    uint64_t others = own->attributes ? ext2_of(inode)->block_size / SECTOR_SIZE : 0;
    if (S_ISLNK(inode->mode))
        return inode->blocks > others;
    return S_ISREG(inode->mode) || S_ISDIR(inode->mode);
}

static bool size_ok(const struct inode *inode) {
    const struct ext2 *fs = ext2_of(inode);
    uint64_t size = inode->size;
    if (S_ISREG(inode->mode))
        return size <= inode->super->max_size;
    if (S_ISDIR(inode->mode))       // directories have no holes
        return size && size % fs->block_size == 0 &&
               size / fs->block_size <= fs->disk->blocks_count;
    if (S_ISLNK(inode->mode) && !ext2_has_blocks(inode))
        return size < sizeof(ext2_inode_of(inode)->block);
    if (S_ISLNK(inode->mode))
        return size <= fs->block_size && size < SYMLINK_LIMIT;
    return true;
}

// Gives a fresh inode the operations for its type; false if that is none.
static bool set_operations(struct inode *inode) {
    inode->pages.ops = &ext2_page_ops;
    switch (inode->mode & S_IFMT) {
    case S_IFREG:
        inode->ops = &ext2_file_ops;
        return true;
    case S_IFDIR:
        inode->ops = &ext2_dir_ops;
        return true;
    case S_IFLNK:
        inode->ops = &ext2_symlink_ops;
        return true;
    case S_IFCHR: case S_IFBLK: case S_IFIFO: case S_IFSOCK:
        inode->ops = &ext2_special_ops;
        return true;
    }
    return false;
}

static struct ext2_inode *private_create(const struct ext2 *fs, uint64_t number) {
    struct ext2_inode *own = kzalloc(sizeof(*own));
    if (own) {
        own->group = (uint32_t)(number - 1) / fs->disk->inodes_per_group;
        spin_init(&own->lock, "ext2 inode");
        wait_queue_init(&own->writes_end, "page write");
    }
    return own;
}

static void decode(struct inode *inode, const struct ext2_disk_inode *disk) {
    struct ext2_inode *own = inode->private;
    inode->mode = disk->mode;
    inode->uid = disk->uid | (uint32_t)disk->uid_high << 16;
    inode->gid = disk->gid | (uint32_t)disk->gid_high << 16;
    inode->links = disk->links;
    inode->size = disk->size;
    if (S_ISREG(inode->mode))
        inode->size |= (uint64_t)disk->size_high << 32;
    inode->blocks = disk->blocks;
    decode_times(inode, disk);
    memcpy(own->block, disk->block, sizeof(own->block));
    own->flags = disk->flags;
    own->attributes = disk->attributes;
    own->generation = disk->generation;
    own->untrimmed = true;          // a power cut may have come between a block and the size
    if (S_ISCHR(inode->mode) || S_ISBLK(inode->mode))   // the old form of a device number, the new
        inode->device = own->block[0] ? own->block[0] : own->block[1];
}

int ext2_inode_read(struct inode *inode) {
    struct ext2 *fs = ext2_of(inode);
    struct ext2_disk_inode *disk;
    struct buffer *buffer;
    if (!ext2_number_ok(fs, (uint32_t)inode->number))
        return ext2_damaged(fs, "inode %lu is out of range", inode->number);
    inode->private = private_create(fs, inode->number);
    if (!inode->private)
        return -ENOMEM;
    int error = disk_inode_get(fs, inode->number, &buffer, &disk);
    if (!error) {
        decode(inode, disk);
        buffer_put(buffer);
        if (!set_operations(inode) || inode->links == 0 || !size_ok(inode))
            error = ext2_damaged(fs, "inode %lu is impossible (mode 0%o, %u links, size %lu)",
                                 inode->number, inode->mode, inode->links, inode->size);
    }
    if (error)
        ext2_inode_forget(inode);
    return error;
}

static void encode(const struct inode *inode, struct ext2_disk_inode *disk) {
    const struct ext2_inode *own = inode->private;
    disk->mode = (uint16_t)inode->mode;
    disk->uid = (uint16_t)inode->uid;
    disk->uid_high = (uint16_t)(inode->uid >> 16);
    disk->gid = (uint16_t)inode->gid;
    disk->gid_high = (uint16_t)(inode->gid >> 16);
    disk->links = (uint16_t)inode->links;
    disk->size = (uint32_t)inode->size;
    if (S_ISREG(inode->mode))
        disk->size_high = (uint32_t)(inode->size >> 32);
    disk->blocks = (uint32_t)inode->blocks;
    disk->dtime = own->deleted_time;
    encode_times(inode, disk);
    for (int i = 0; i < EXT2_POINTERS; i++)
        disk->block[i] = __atomic_load_n(&own->block[i], __ATOMIC_ACQUIRE);
    disk->flags = own->flags;
    disk->attributes = own->attributes;
    disk->generation = own->generation;
}

// The first file above 2 GiB changes the file system's features.
static void note_large_file(struct ext2 *fs, const struct inode *inode) {
    if (!S_ISREG(inode->mode) || inode->size <= INT32_MAX ||
        fs->disk->ro_compat & EXT2_RO_COMPAT_LARGE_FILE)
        return;
    mutex_lock(&fs->lock);
    fs->disk->ro_compat |= EXT2_RO_COMPAT_LARGE_FILE;
    fs->super_dirty = true;
    mutex_unlock(&fs->lock);
}

int ext2_inode_write(struct inode *inode) {
    struct ext2 *fs = ext2_of(inode);
    struct ext2_inode *own = inode->private;
    struct ext2_disk_inode *disk;
    struct buffer *buffer;
    if (own->fate == EXT2_RELEASED)
        return 0;
    if (inode->super->read_only)
        return -EROFS;
    int error = disk_inode_get(fs, inode->number, &buffer, &disk);
    if (error)
        return error;
    if (own->fresh) {
        memset(disk, 0, fs->inode_size);
        if (fs->inode_size >= sizeof(*disk))
            disk->extra_size = sizeof(*disk) - EXT2_INODE_SIZE_OLD;
        own->fresh = false;
    }
    encode(inode, disk);
    note_large_file(fs, inode);
    buffer_mark_dirty(buffer);
    buffer_put(buffer);
    return 0;
}

static void init_fresh(struct inode *inode, struct ext2_inode *own) {
    struct ext2 *fs = ext2_of(inode);
    own->fresh = true;
    own->generation = __atomic_add_fetch(&fs->generation, 1, __ATOMIC_RELAXED);
    inode->private = own;
    inode->atime = inode->mtime = inode->ctime = inode_time_now();
    inode->links = 1;
}

int ext2_inode_create(struct inode *dir, uint32_t mode, uint32_t uid, uint32_t gid,
                      struct inode **out) {
    struct ext2 *fs = ext2_of(dir);
    uint32_t number;
    int error = ext2_number_allocate(dir, S_ISDIR(mode), &number);
    if (error)
        return error;
    struct ext2_inode *own = private_create(fs, number);
    struct inode *inode = own ? inode_create(dir->super, number) : NULL;
    if (!inode) {
        kfree(own);
        error = ext2_number_free(fs, number, S_ISDIR(mode));
        return error ? error : -ENOMEM;
    }
    inode->mode = mode;
    inode->uid = uid;
    inode->gid = gid;
    init_fresh(inode, own);
    set_operations(inode);
    inode_made(inode, 0);
    inode_mark_dirty(inode);
    *out = inode;
    return 0;
}

// Gives up the block of extended attributes, which other inodes may share.
static int attributes_release(struct inode *inode) {
    struct ext2 *fs = ext2_of(inode);
    uint32_t block = ext2_inode_of(inode)->attributes;
    struct buffer *buffer;
    if (!block)
        return 0;
    if (!ext2_block_ok(fs, block))
        return ext2_damaged(fs, "inode %lu has attributes at block %u", inode->number, block);
    int error = buffer_get(&fs->buffers, block, &buffer);
    if (error)
        return error;
    struct ext2_disk_attributes *attributes = buffer->data;
    mutex_lock(&fs->lock);
    bool last = attributes->refs <= 1;
    if (attributes->magic != EXT2_ATTRIBUTES_MAGIC)
        error = ext2_damaged(fs, "block %u holds no attributes", block);
    else if (!last)
        attributes->refs--;
    mutex_unlock(&fs->lock);
    buffer_mark_dirty(buffer);
    buffer_put(buffer);
    ext2_inode_of(inode)->attributes = 0;
    if (error || !last)
        return error;
    buffer_forget(&fs->buffers, block);
    return ext2_blocks_free(fs, block, 1);
}

// Never so early that it could be the number of an inode: ext3 links orphans through this field, so
// e2fsck would take a clock that stands near 1970 for a list.
static uint32_t time_of_death(const struct ext2 *fs) {
    uint32_t now = (uint32_t)inode_time_now().tv_sec;
    return now > fs->disk->inodes_count ? now : fs->disk->inodes_count + 1;
}

void ext2_inode_delete(struct inode *inode) {
    struct ext2_inode *own = inode->private;
    if (own->fate != EXT2_IN_USE || inode->super->read_only)
        return;
    int error = ext2_has_blocks(inode) ? ext2_map_free(inode, 0) : 0;
    if (!error)
        error = attributes_release(inode);
    if (!error) {
        inode->size = 0;
        inode->blocks = 0;
        own->deleted_time = time_of_death(ext2_of(inode));
    }
    int written = ext2_inode_write(inode);
    // After an error, what it still has is e2fsck's to find.
    own->fate = error || written ? EXT2_STUCK : EXT2_EMPTIED;
}

void ext2_inode_release(struct inode *inode) {
    struct ext2_inode *own = inode->private;
    if (own->fate != EXT2_EMPTIED)
        return;
    own->fate = EXT2_RELEASED;
    // An error is logged and stops all writing: there is nobody to tell.
    (void)!ext2_number_free(ext2_of(inode), (uint32_t)inode->number, S_ISDIR(inode->mode));
}

void ext2_inode_forget(struct inode *inode) {
    if (!inode->private)
        return;
    ext2_inode_release(inode);
    kfree(inode->private);
    inode->private = NULL;
}
