// Block device nodes: the raw bytes of a device, read through the page cache of the node's inode.
//
// For reading only: a file system that is mounted from the device has its own caches, so bytes
// written here could neither be seen by it nor survive it. Every open starts with an empty cache,
// so that what the file system wrote since then is seen.
#include <abi/errno.h>
#include <abi/ioctl.h>
#include <block/block.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <lib/string.h>

static int block_read_page(struct page_object *object, uint64_t index, struct frame *frame) {
    const struct inode *inode = container_of(object, struct inode, pages);
    struct block_device *device = block_device_by_number(inode->device);
    if (!device)
        return -ENXIO;
    uint64_t sector = index * (PAGE_SIZE / SECTOR_SIZE), count = PAGE_SIZE / SECTOR_SIZE;
    if (sector >= device->sectors)
        count = 0;
    else if (count > device->sectors - sector)
        count = device->sectors - sector;
    char *bytes = frame_virt(frame);
    memset(bytes + count * SECTOR_SIZE, 0, PAGE_SIZE - count * SECTOR_SIZE);
    return count ? block_transfer(device, BLOCK_READ, sector, bytes, count * SECTOR_SIZE) : 0;
}

static const struct page_object_ops block_page_ops = {
    .read_page = block_read_page,
};

static int block_open(struct inode *inode, struct file *file) {
    if (!block_device_by_number(inode->device))
        return -ENXIO;
    if (file_writable(file))
        return -EROFS;
    mutex_lock(&inode->lock);
    page_object_truncate(&inode->pages, 0);
    inode->pages.ops = &block_page_ops;
    mutex_unlock(&inode->lock);
    return 0;
}

static uint64_t device_size(const struct file *file) {
    const struct block_device *device = block_device_by_number(file->inode->device);
    return device ? device->sectors * SECTOR_SIZE : 0;
}

static long block_read(struct file *file, struct uio *uio, uint64_t *position) {
    uint64_t size = device_size(file), start = *position;
    while (uio->left > 0 && *position < size) {
        struct frame *frame;
        uint64_t offset = *position % PAGE_SIZE, part = PAGE_SIZE - offset;
        if (part > size - *position)
            part = size - *position;
        if (part > uio->left)
            part = uio->left;
        long moved = page_get(&file->inode->pages, *position / PAGE_SIZE, &frame);
        if (!moved) {
            moved = uio_put(uio, (char *)frame_virt(frame) + offset, part);
            frame_put(frame);
        }
        if (moved < 0)
            return *position > start ? (long)(*position - start) : moved;
        *position += moved;
    }
    return *position - start;
}

static int64_t block_seek(struct file *file, int64_t offset, int whence) {
    return file_seek_within(file, offset, whence, device_size(file));
}

static long block_ioctl(struct file *file, uint32_t command, uint64_t argument) {
    uint64_t size = device_size(file), sectors = size / SECTOR_SIZE;
    int number = command == BLKSSZGET ? SECTOR_SIZE : 1;    // BLKROGET: read-only
    switch (command) {
    case BLKGETSIZE: return copy_out(argument, &sectors, sizeof(sectors));
    case BLKGETSIZE64: return copy_out(argument, &size, sizeof(size));
    case BLKROGET:
    case BLKSSZGET: return copy_out(argument, &number, sizeof(number));
    default: return -ENOTTY;
    }
}

const struct file_ops block_file_ops = {
    .open = block_open, .read = block_read, .seek = block_seek, .ioctl = block_ioctl,
};
