// Directories, open: reading the entries.
#include <abi/errno.h>
#include <fs/file.h>
#include <fs/inode.h>

static int directory_readdir(struct file *file, struct dir_sink *sink) {
    struct inode *dir = file->inode;
    mutex_lock(&dir->lock);
    int error = dir->dead ? -ENOENT : dir->ops->readdir(dir, &file->position, sink);
    mutex_unlock(&dir->lock);
    file_accessed(file);
    return error;
}

// Positions are cookies of the file system; only those that it gave out, and 0, mean anything.
static int64_t directory_seek(struct file *file, int64_t offset, int whence) {
    if (whence == SEEK_CUR)
        offset += file->position;
    else if (whence != SEEK_SET)
        return -EINVAL;
    if (offset < 0)
        return -EINVAL;
    file->position = offset;
    return offset;
}

static int directory_sync(struct file *file) { return inode_sync(file->inode); }

const struct file_ops directory_file_ops = {
    .readdir = directory_readdir, .seek = directory_seek, .sync = directory_sync,
};
