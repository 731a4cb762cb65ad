// Open files: their life, and the checks before every read and write.
#include <abi/errno.h>
#include <abi/stat.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/path.h>
#include <fs/record_lock.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <sched/thread.h>

static void backing_hold(struct backing *backing) {
    file_hold(container_of(backing, struct file, backing));
}

static void backing_release(struct backing *backing) {
    file_put(container_of(backing, struct file, backing));
}

static void backing_describe(struct backing *backing, uint32_t *device, uint64_t *inode, char *name,
                             size_t size) {
    const struct file *file = container_of(backing, struct file, backing);
    *device = file->inode->super->device_number;
    *inode = file->inode->number;
    if (file->dentry)
        path_describe(&(struct path){ file->mount, file->dentry }, name, size);
    else
        strlcpy(name, file->private, size);     // shared memory
}

static const struct backing_ops backing_ops = {
    .hold = backing_hold, .release = backing_release, .describe = backing_describe,
};

static long refuse_read(struct file *file, struct uio *uio, uint64_t *position) {
    (void)uio, (void)position;
    if (!file_readable(file))
        return -EBADF;
    return file->inode && S_ISDIR(file->inode->mode) ? -EISDIR : -EINVAL;
}

static long refuse_write(struct file *file, struct uio *uio, uint64_t *position) {
    (void)uio, (void)position;
    return file_writable(file) ? -EINVAL : -EBADF;
}

void file_set_ops(struct file *file, const struct file_ops *ops) {
    file->ops = ops;
    file->read = file_readable(file) && ops->read ? ops->read : refuse_read;
    file->write = file_writable(file) && ops->write ? ops->write : refuse_write;
}

struct file *file_create(struct inode *inode, const struct file_ops *ops, uint32_t flags) {
    struct file *file = kmalloc(sizeof(*file));
    if (!file)
        return NULL;
    *file = (struct file){ .refs = 1, .flags = flags, .inode = inode };
    file_set_ops(file, ops);
    mutex_init(&file->position_lock, "file position");
    file->backing = (struct backing){ inode ? &inode->pages : NULL, &backing_ops };
    if (inode)
        inode_hold(inode);
    if (inode && file_writable(file))
        __atomic_fetch_add(&inode->super->writers, 1, __ATOMIC_ACQ_REL);
    return file;
}

struct file *file_hold(struct file *file) {
    __atomic_fetch_add(&file->refs, 1, __ATOMIC_RELAXED);
    return file;
}

void file_free(struct file *file) {
    struct inode *inode = file->inode;
    record_locks_drop(file, file);      // flock's
    if (file->ops->release)
        file->ops->release(file);
    if (inode && file_writable(file))
        __atomic_fetch_sub(&inode->super->writers, 1, __ATOMIC_ACQ_REL);
    struct path path = { file->mount, file->dentry };
    inode_put(inode);
    path_put(&path);
    file_free_memory(file);
}

long file_move_locked(struct file *file, struct uio *uio, file_move *move) {
    mutex_lock(&file->position_lock);
    long result = move(file, uio, &file->position);
    mutex_unlock(&file->position_lock);
    return result;
}

long file_read_kernel(struct file *file, void *to, size_t size, uint64_t position) {
    struct uio uio = uio_kernel(to, size);
    return file_read(file, &uio, &position);
}

int64_t file_seek(struct file *file, int64_t offset, int whence) {
    if (!file->ops->seek)
        return -ESPIPE;
    mutex_lock(&file->position_lock);
    int64_t result = file->ops->seek(file, offset, whence);
    mutex_unlock(&file->position_lock);
    return result;
}

int64_t file_seek_within(struct file *file, int64_t offset, int whence, uint64_t size) {
    int64_t base, position;
    switch (whence) {
    case SEEK_SET: base = 0; break;
    case SEEK_CUR: base = file->position; break;
    case SEEK_END: base = size; break;
    case SEEK_DATA:                     // files without known holes: all is data up to the end
    case SEEK_HOLE:
        if (offset < 0 || (uint64_t)offset >= size)
            return -ENXIO;
        base = 0;
        offset = whence == SEEK_HOLE ? (int64_t)size : offset;
        break;
    default: return -EINVAL;
    }
    if (__builtin_add_overflow(base, offset, &position))
        return -EOVERFLOW;
    if (position < 0)
        return -EINVAL;
    file->position = position;
    return position;
}

// A file of O_PATH is a place and nothing else.
static long path_transfer(struct file *file, struct uio *uio, uint64_t *position) {
    (void)file, (void)uio, (void)position;
    return -EBADF;
}

static int64_t path_seek(struct file *file, int64_t offset, int whence) {
    (void)file, (void)offset, (void)whence;
    return -EBADF;
}

static long path_ioctl(struct file *file, uint32_t command, uint64_t argument) {
    (void)file, (void)command, (void)argument;
    return -EBADF;
}

static int path_readdir(struct file *file, struct dir_sink *sink) {
    (void)file, (void)sink;
    return -EBADF;
}

static int path_sync(struct file *file) {
    (void)file;
    return -EBADF;
}

const struct file_ops path_file_ops = {
    .read = path_transfer, .write = path_transfer, .seek = path_seek, .ioctl = path_ioctl,
    .readdir = path_readdir, .sync = path_sync,
};
