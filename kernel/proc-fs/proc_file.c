// Reading an entry: the text is made when the file is opened, so that a reader sees one state of
// things however slowly it reads.
#include <abi/errno.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <proc-fs/proc_fs_internal.h>

#define LINE_SIZE 32

static int entry_open(struct inode *inode, struct file *file) {
    const struct proc_entry *entry = inode->private;
    if (file_writable(file) && !entry->tell)
        return -EACCES;
    struct text *text = kzalloc(sizeof *text);
    if (!text)
        return -ENOMEM;
    int error = entry->fill ? entry->fill(text, number_pid(inode->number)) : 0;
    if (!error && text->failed)
        error = -ENOMEM;
    if (error) {
        text_free(text);
        kfree(text);
        return error;
    }
    file->private = text;
    return 0;
}

static void entry_release(struct file *file) {
    if (file->private)
        text_free(file->private);
    kfree(file->private);
}

static long entry_read(struct file *file, struct uio *uio, uint64_t *position) {
    const struct text *text = file->private;
    if (*position >= text->length)
        return 0;
    size_t left = text->length - *position;
    long moved = uio_put(uio, text->bytes + *position, left < uio->left ? left : uio->left);
    if (moved > 0)
        *position += moved;
    return moved;
}

// One write is one line; the next read begins with the answer. One thread's at a time, as the position
// is.
static long entry_write(struct file *file, struct uio *uio, uint64_t *position) {
    const struct proc_entry *entry = file->inode->private;
    char line[LINE_SIZE] = "";
    if (uio->left >= sizeof line)
        return -EINVAL;
    long size = uio_take(uio, line, uio->left);
    if (size < 0)
        return size;
    if (size && line[size - 1] == '\n')
        line[size - 1] = 0;
    struct text answer = { 0 };
    int error = entry->tell(&answer, number_pid(file->inode->number), line);
    if (!error && answer.failed)
        error = -ENOMEM;
    if (error) {
        text_free(&answer);
        return error;
    }
    text_free(file->private);
    *(struct text *)file->private = answer;
    *position = 0;
    return size;
}

static int64_t entry_seek(struct file *file, int64_t offset, int whence) {
    const struct text *text = file->private;
    return file_seek_within(file, offset, whence, text->length);
}

const struct file_ops proc_file_ops = {
    .open = entry_open, .release = entry_release, .read = entry_read, .write = entry_write,
    .seek = entry_seek,
};
