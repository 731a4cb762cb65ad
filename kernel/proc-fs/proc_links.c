// The links of a process that lead to places rather than along names: to its open files, its program,
// its working and root directories. The walk jumps to the place itself, so that a file is reached that
// has been deleted or lies outside of what the caller can name. Only its owner and root may follow.
#include <abi/dirent.h>
#include <abi/errno.h>
#include <abi/limits.h>
#include <fs/dentry.h>
#include <fs/mount.h>
#include <fs/path.h>
#include <fs/pipe.h>
#include <lib/format.h>
#include <lib/string.h>
#include <proc-fs/proc_fs_internal.h>
#include <proc/look.h>

#define FD_MAX ((1u << 22) - 1)

// The open file behind a link, held; NULL: it is closed.
static struct file *link_file(const struct inode *inode) {
    uint32_t pid = number_pid(inode->number);
    return number_what(inode->number) == FILE_LINK ? proc_file_hold(pid, number_part(inode->number))
                                                   : proc_program_hold(pid);
}

// The place behind a link, with references: 0, -ENOENT, or -ENXIO for an open file that has none; that
// file, held, goes to *file then (NULL: it is not wanted).
static int link_place(const struct inode *inode, struct path *out, struct file **file) {
    uint32_t pid = number_pid(inode->number), what = number_what(inode->number);
    if (!proc_may_look(pid))
        return -EACCES;
    if (what == CWD_LINK || what == ROOT_LINK)
        return proc_place_hold(pid, what == ROOT_LINK, out) ? 0 : -ENOENT;
    struct file *found = link_file(inode);
    if (!found)
        return -ENOENT;
    if (found->dentry)
        *out = path_hold((struct path){ found->mount, found->dentry });
    int error = found->dentry ? 0 : -ENXIO;
    if (error && file)
        *file = found;
    else
        file_put(found);
    return error;
}

static int place_follow(struct inode *inode, struct path *out) {
    return link_place(inode, out, NULL);
}

// A name for what has none: a pipe's leads, relative to the directory, to FILE_PIPE.
static long nameless_text(const struct file *file, char *buffer, size_t size) {
    struct pipe *pipe = pipe_of(file);
    int length = pipe ? snprintf(buffer, size, "pipe:[%u]", pipe->number)
                      : snprintf(buffer, size, "anon_inode:[file]");
    return (size_t)length < size ? length : -ENAMETOOLONG;
}

static long place_readlink(struct inode *inode, char *buffer, size_t size) {
    struct path place;
    struct file *file = NULL;
    int error = link_place(inode, &place, &file);
    long length = error;
    if (file) {
        length = nameless_text(file, buffer, size);
        file_put(file);
    } else if (!error) {
        path_describe(&place, buffer, size);
        length = strlen(buffer);
        path_put(&place);
    }
    return length;
}

const struct inode_ops place_link_ops = { .readlink = place_readlink, .follow = place_follow };

// --- PID/fd ---

// The pipe that a name like "pipe:[7]" says, if the process has it open: its number; else 0.
static uint32_t pipe_named(uint32_t pid, const char *name, size_t length) {
    uint32_t number;
    if (length < 8 || memcmp(name, "pipe:[", 6) || name[length - 1] != ']' ||
        !number_parse(name + 6, length - 7, UINT32_MAX, &number))
        return 0;
    struct file *file = proc_pipe_hold(pid, number);
    if (file)
        file_put(file);
    return file ? number : 0;
}

static int files_lookup(struct inode *dir, const char *name, size_t length, struct inode **out) {
    uint32_t pid = number_pid(dir->number), fd, pipe = pipe_named(pid, name, length);
    if (pipe)
        return number_get(dir, number_make(pid, pipe, FILE_PIPE), out);
    if (!number_parse(name, length, FD_MAX, &fd) || proc_file_next(pid, fd) != (int)fd)
        return -ENOENT;
    return number_get(dir, number_make(pid, fd, FILE_LINK), out);
}

// Offsets: 0 and 1 are the dots, then the descriptors.
static int files_readdir(struct inode *dir, uint64_t *offset, struct dir_sink *sink) {
    uint32_t pid = number_pid(dir->number);
    if (*offset == 0 && sink->emit(sink, ".", 1, dir->number, 1, DT_DIR))
        *offset = 1;
    if (*offset == 1 &&
        sink->emit(sink, "..", 2, number_make(pid, 0, PROCESS_DIRECTORY), 2, DT_DIR))
        *offset = 2;
    int fd;
    while (*offset >= 2 && (fd = proc_file_next(pid, *offset - 2)) >= 0) {
        char name[12];
        int length = snprintf(name, sizeof name, "%d", fd);
        if (!sink->emit(sink, name, length, number_make(pid, fd, FILE_LINK), fd + 3, DT_LNK))
            break;
        *offset = fd + 3;
    }
    return 0;
}

const struct inode_ops files_directory_ops = { .lookup = files_lookup, .readdir = files_readdir };

// A pipe that somebody has open gets an end more.
static int pipe_again(struct inode *inode, struct file *file) {
    struct file *end = proc_pipe_hold(number_pid(inode->number), number_part(inode->number));
    if (!end)
        return -ENOENT;
    pipe_join(end, file);
    file_put(end);
    return 0;
}

const struct file_ops pipe_again_ops = { .open = pipe_again };
