// Reading an entry: the text is made when the file is opened, so that a reader sees one state of
// things however slowly it reads; or, where it may be large, piece by piece as the reader comes to it.
#include <abi/errno.h>
#include <fs/cred.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <proc-fs/proc_fs_internal.h>
#include <proc/proc.h>

#define LINE_SIZE 32

// An entry that is open. Descriptors of several processes may lead here, and pread has no position of
// the file's to lock: so there is a lock, which is held over the copy to the user.
struct opened {
    struct mutex lock;
    struct text text;               // all, or a piece
    uint64_t start;                 // its place in the file
    uint64_t next;                  // what the piece behind it begins with, in the entry's terms
    uint32_t viewer;
};

// A process must be whose it was at the open: its number may have become another's.
static bool owner_changed(const struct inode *inode) {
    uint32_t pid = number_pid(inode->number), uid, gid;
    return pid && (!proc_owner(pid, &uid, &gid) || uid != inode->uid);
}

// The next piece takes the place of the present one.
static int piece_advance(const struct inode *inode, struct opened *opened) {
    const struct proc_entry *entry = inode->private;
    uint64_t next = opened->next;
    opened->start += opened->text.length;
    opened->text.length = 0;
    if (thread_killed() || owner_changed(inode))
        return thread_killed() ? -EINTR : -ESRCH;
    int error = entry->piece(&opened->text, number_pid(inode->number), opened->viewer, &next);
    if (!error && opened->text.failed)
        error = -ENOMEM;
    if (error)
        text_free(&opened->text);
    else
        opened->next = next;
    return error;
}

static int entry_open(struct inode *inode, struct file *file) {
    const struct proc_entry *entry = inode->private;
    if (file_writable(file) && !entry->tell)
        return -EACCES;
    struct opened *opened = kzalloc(sizeof *opened);
    if (!opened)
        return -ENOMEM;
    mutex_init(&opened->lock, "proc file");
    opened->next = entry->piece ? 0 : PROC_END;
    opened->viewer = thread_current()->cred->euid;
    uint32_t pid = number_pid(inode->number), tid = number_part(inode->number);
    int error = entry->piece  ? piece_advance(inode, opened)
                : entry->look ? entry->look(&opened->text, pid, tid)
                : entry->fill ? entry->fill(&opened->text)
                              : 0;
    if (!error && opened->text.failed)
        error = -ENOMEM;
    if (error) {
        text_free(&opened->text);
        kfree(opened);
        return error;
    }
    file->private = opened;
    return 0;
}

static void entry_release(struct file *file) {
    struct opened *opened = file->private;
    text_free(&opened->text);
    kfree(opened);
}

// Makes the pieces up to the one that `position` lies in; back from the beginning, where things may
// have changed meanwhile. It stays what it is if `position` is behind the end.
static int piece_find(const struct inode *inode, struct opened *opened, uint64_t position) {
    int error = 0;
    if (position < opened->start) {
        text_free(&opened->text);
        opened->start = opened->next = 0;
    }
    while (!error && opened->next != PROC_END &&
           position - opened->start >= opened->text.length)
        error = piece_advance(inode, opened);
    return error;
}

static long entry_read(struct file *file, struct uio *uio, uint64_t *position) {
    struct opened *opened = file->private;
    mutex_lock(&opened->lock);
    long moved = piece_find(file->inode, opened, *position);
    uint64_t offset = *position - opened->start, length = opened->text.length;
    if (!moved && offset < length) {
        size_t left = length - offset;
        moved = uio_put(uio, opened->text.bytes + offset, left < uio->left ? left : uio->left);
    }
    if (moved > 0)
        *position += moved;
    mutex_unlock(&opened->lock);
    return moved;
}

// One write is one line; the next read begins with the answer.
static long entry_write(struct file *file, struct uio *uio, uint64_t *position) {
    const struct proc_entry *entry = file->inode->private;
    struct opened *opened = file->private;
    char line[LINE_SIZE] = "";
    if (uio->left >= sizeof line)
        return -EINVAL;
    long size = uio_take(uio, line, uio->left);
    if (size < 0)
        return size;
    if (size && line[size - 1] == '\n')
        line[size - 1] = 0;
    if (owner_changed(file->inode))
        return -ESRCH;
    struct text answer = { 0 };
    int error = entry->tell(&answer, number_pid(file->inode->number),
                            number_part(file->inode->number), line);
    if (!error && answer.failed)
        error = -ENOMEM;
    if (error) {
        text_free(&answer);
        return error;
    }
    mutex_lock(&opened->lock);
    text_free(&opened->text);
    opened->text = answer;
    mutex_unlock(&opened->lock);
    *position = 0;
    return size;
}

// The end is where the text ends that there is so far.
static int64_t entry_seek(struct file *file, int64_t offset, int whence) {
    struct opened *opened = file->private;
    mutex_lock(&opened->lock);
    int64_t result = file_seek_within(file, offset, whence, opened->start + opened->text.length);
    mutex_unlock(&opened->lock);
    return result;
}

const struct file_ops proc_file_ops = {
    .open = entry_open, .release = entry_release, .read = entry_read, .write = entry_write,
    .seek = entry_seek,
};
