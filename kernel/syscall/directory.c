// getdents64.
#include <abi/dirent.h>
#include <abi/errno.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

// Entries made under one lock: a frame full, as several in a row may not be there.
#define BUFFER_MAX PAGE_SIZE

// Entries are collected in kernel memory: the directory is locked meanwhile, and a copy to the
// caller may fault.
struct collector {
    struct dir_sink sink;
    char *buffer;
    size_t size, used;
    bool too_small;                     // not even the first entry fits
};

static bool collect(struct dir_sink *sink, const char *name, size_t length, uint64_t inode,
                    uint64_t next_offset, unsigned type) {
    struct collector *collector = container_of(sink, struct collector, sink);
    size_t size = (offsetof(struct linux_dirent64, d_name) + length + 1 + 7) & ~(size_t)7;
    if (size > collector->size - collector->used) {
        collector->too_small = collector->used == 0;
        return false;
    }
    struct linux_dirent64 *entry = (void *)(collector->buffer + collector->used);
    entry->d_ino = inode;
    entry->d_off = next_offset;
    entry->d_reclen = size;
    entry->d_type = type;
    memcpy(entry->d_name, name, length);
    memset(entry->d_name + length, 0, size - offsetof(struct linux_dirent64, d_name) - length);
    collector->used += size;
    return true;
}

// Reads what fits and hands it out; if that fails nothing was read.
static long read_entries(struct file *file, struct collector *collector, uint64_t user) {
    uint64_t before = file->position;
    int error = file->ops->readdir(file, &collector->sink);
    if (collector->used == 0)
        return error ? error : collector->too_small ? -EINVAL : 0;
    if (copy_out(user, collector->buffer, collector->used)) {
        file->position = before;
        return -EFAULT;
    }
    return collector->used;
}

long sys_getdents64(struct trap_frame *call) {
    uint32_t size = call->a2;
    struct file *file = fd_hold(call->a0);
    if (!file)
        return -EBADF;
    struct collector collector = { .sink = { collect },
                                   .size = size < BUFFER_MAX ? size : BUFFER_MAX };
    long result = -ENOTDIR;
    if (file->ops->readdir) {
        collector.buffer = kmalloc(collector.size);
        result = -ENOMEM;
    }
    if (collector.buffer) {
        mutex_lock(&file->position_lock);
        result = read_entries(file, &collector, call->a1);
        mutex_unlock(&file->position_lock);
        kfree(collector.buffer);
    }
    file_put(file);
    return result;
}
