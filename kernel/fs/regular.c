// Regular files: read and write through the page cache, the same for every file system.
#include <abi/errno.h>
#include <abi/mount.h>
#include <abi/stat.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/path.h>
#include <sched/thread.h>

#define WRITE_PIECE (16 * PAGE_SIZE)    // bytes that are reserved, and written, under one lock

static uint64_t min_size(uint64_t a, uint64_t b) { return a < b ? a : b; }

uint64_t file_max_size(const struct inode *inode) {
    return inode->super->max_size ? inode->super->max_size : INT64_MAX;
}

// Notes the access as mount -o relatime does: when it would otherwise look older than a change,
// so that reading does not make every inode dirty.
void file_accessed(struct file *file) {
    struct inode *inode = file->inode;
    bool older = inode->atime.tv_sec <= inode->mtime.tv_sec ||
                 inode->atime.tv_sec <= inode->ctime.tv_sec;
    if (!older || inode->super->read_only || (file->flags & O_NOATIME))
        return;
    struct timespec now = inode_time_now();
    if (now.tv_sec == inode->atime.tv_sec ||
        (file->mount && (mount_flags(file->mount) & MS_NOATIME)))
        return;
    mutex_lock(&inode->lock);
    inode->atime = now;
    inode_mark_dirty(inode);
    mutex_unlock(&inode->lock);
}

// Page `index` for reading. A reader that comes along in order has the next pages read with it.
static int read_page(struct inode *inode, uint64_t index, uint64_t size, struct frame **out) {
    *out = page_lookup(&inode->pages, index);
    if (*out)
        return 0;
    if (thread_killed())
        return -EINTR;
    struct frame *before = index > 0 ? page_lookup(&inode->pages, index - 1) : NULL;
    if (before || index == 0)
        page_read_ahead(&inode->pages, index, (size - 1) / PAGE_SIZE - index + 1);
    if (before)
        frame_put(before);
    return page_get(&inode->pages, index, out);
}

// No inode lock: a read beside a write sees the old bytes or the new ones. The copy may fault, so
// nothing is held over it but the reference to the frame.
static long regular_read(struct file *file, struct uio *uio, uint64_t *position) {
    struct inode *inode = file->inode;
    uint64_t start = *position, at = start;
    long moved = 0;
    while (uio->left > 0) {
        uint64_t size = __atomic_load_n(&inode->size, __ATOMIC_ACQUIRE);
        if (at >= size)
            break;
        struct frame *frame;
        moved = read_page(inode, at / PAGE_SIZE, size, &frame);
        if (moved)
            break;
        uint64_t offset = at % PAGE_SIZE;
        uint64_t part = min_size(min_size(PAGE_SIZE - offset, size - at), uio->left);
        moved = uio_put(uio, (char *)frame_virt(frame) + offset, part);
        frame_put(frame);
        if (moved > 0)
            at += moved;
        if (moved < (long)part)
            break;
    }
    file_accessed(file);
    *position = at;
    return at > start ? (long)(at - start) : moved < 0 ? moved : 0;
}

// The page that holds byte `at`, for writing a part of it. A page past the end is not read.
static int write_page_get(struct inode *inode, uint64_t at, struct frame **out) {
    uint64_t index = at / PAGE_SIZE;
    if (index * PAGE_SIZE >= inode->size)
        return page_get_zero(&inode->pages, index, out);
    return page_get(&inode->pages, index, out);
}

// Copies [at, at+size) in, page by page, under inode->lock: the bytes written, which are fewer at a
// page of the caller's that is not there, or -errno for none.
static long copy_pages(struct inode *inode, struct uio *uio, uint64_t at, uint64_t size) {
    uint64_t done = 0;
    while (done < size) {
        struct frame *frame;
        int error = write_page_get(inode, at + done, &frame);
        if (error)
            return done > 0 ? (long)done : error;
        uint64_t offset = (at + done) % PAGE_SIZE;
        uint64_t part = min_size(PAGE_SIZE - offset, size - done);
        size_t moved = uio_take_nofault(uio, (char *)frame_virt(frame) + offset, part);
        if (moved > 0)
            page_mark_dirty(frame);
        frame_put(frame);
        done += moved;
        if (at + done > inode->size)
            __atomic_store_n(&inode->size, at + done, __ATOMIC_RELEASE);
        if (moved < part)
            break;
    }
    return done;
}

// Who writes to a program takes its set-id bits away, unless he is the superuser.
static void drop_set_id(struct inode *inode) {
    const struct cred *cred = thread_current()->cred;
    if (!(inode->mode & (S_ISUID | S_ISGID)) || !cred || cred->fsuid == 0)
        return;
    inode->mode &= ~S_ISUID;
    if (inode->mode & S_IXGRP)
        inode->mode &= ~S_ISGID;
}

// Reserves room for as much of [at, at+size) as there is: how much, or -errno.
static int64_t reserve(struct inode *inode, uint64_t at, uint64_t size) {
    if (!inode->ops->reserve)
        return size;
    int error = inode->ops->reserve(inode, at, size);
    uint64_t first = min_size(PAGE_SIZE - at % PAGE_SIZE, size);
    if (error == -ENOSPC && size > first) {
        size = first;
        error = inode->ops->reserve(inode, at, size);
    }
    return error ? error : (int64_t)size;
}

// Writes one piece at `at` under inode->lock.
static long write_piece(struct inode *inode, struct uio *uio, uint64_t at) {
    uint64_t size = min_size(WRITE_PIECE - at % PAGE_SIZE, uio->left);
    uint64_t limit = file_max_size(inode);
    if (at >= limit)
        return -EFBIG;
    int error = at > inode->size ? page_object_zero_tail(&inode->pages, inode->size) : 0;
    if (error)
        return error;
    int64_t room = reserve(inode, at, min_size(size, limit - at));
    if (room < 0)
        return room;
    drop_set_id(inode);
    long done = copy_pages(inode, uio, at, room);
    if (done < room && at + room > inode->size && inode->ops->reserve) {
        // Nothing may stay reserved past the end. A failure here leaves what fsck calls a wrong
        // size, no more; the caller has his own error to hear of.
        int ignored = inode->ops->truncate(inode, inode->size);
        (void)ignored;
    }
    if (done > 0) {
        inode->mtime = inode->ctime = inode_time_now();
        inode_mark_dirty(inode);
    }
    return done;
}

static long regular_write(struct file *file, struct uio *uio, uint64_t *position) {
    struct inode *inode = file->inode;
    uint64_t at = *position;
    size_t total = uio->left;
    long done = 0;
    while (uio->left > 0 && done >= 0) {
        mutex_lock(&inode->lock);
        if (file->flags & O_APPEND)
            at = inode->size;
        done = write_piece(inode, uio, at);
        mutex_unlock(&inode->lock);
        if (done > 0)
            at += done;
        else if (done == 0)
            done = uio_fault_in(uio, PAGE_SIZE, false);
        page_throttle();
        if (uio->left > 0 && done >= 0 && thread_killed())
            done = -EINTR;
    }
    *position = at;
    total -= uio->left;
    if (done < 0 && total == 0)
        return done;
    if (file->flags & O_SYNC) {         // O_DSYNC is one of its bits
        int error = inode_sync(inode);
        if (error)
            return error;
    }
    return total;
}

static int64_t regular_seek(struct file *file, int64_t offset, int whence) {
    uint64_t size = __atomic_load_n(&file->inode->size, __ATOMIC_ACQUIRE);
    return file_seek_within(file, offset, whence, size);
}

static int regular_sync(struct file *file) { return inode_sync(file->inode); }

const struct file_ops regular_file_ops = {
    .read = regular_read, .write = regular_write, .seek = regular_seek, .sync = regular_sync,
};
