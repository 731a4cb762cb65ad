// System calls that move data from file to file without a visit to user space.
#include <abi/errno.h>
#include <abi/stat.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <mm/frame.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

// One end of a transfer. With a variable of the caller's the position is from there, and goes back;
// else it is the file's own.
struct end {
    struct file *file;
    uint64_t variable, position;
};

static long end_begin(struct end *end) {
    end->position = end->file->position;
    if (end->variable && copy_in(&end->position, end->variable, sizeof end->position))
        return -EFAULT;
    return (int64_t)end->position < 0 ? -EINVAL : 0;
}

static long end_finish(const struct end *end) {
    if (end->variable)
        return copy_out(end->variable, &end->position, sizeof end->position) ? -EFAULT : 0;
    int64_t at = file_seek(end->file, end->position, SEEK_SET);
    return at < 0 ? at : 0;
}

// Moves up to `size` bytes through `page`: how many, which are fewer at the end or at a full pipe.
// `to` NULL: where the writer's own position is.
static long move_some(struct file *out, uint64_t *to, struct end *in, void *page, uint64_t size) {
    long got = file_read_kernel(in->file, page, size < PAGE_SIZE ? size : PAGE_SIZE, in->position);
    if (got <= 0)
        return got;
    long moved = write_from_kernel(out, page, got, to);
    if (moved > 0)
        in->position += moved;
    return moved;
}

static long move(struct file *out, uint64_t *to, struct end *in, uint64_t size) {
    struct frame *frame = frame_alloc(FRAME_KERNEL, 0);
    uint64_t done = 0;
    long moved = 1;
    if (!frame)
        return -ENOMEM;
    while (done < size && moved > 0) {
        moved = move_some(out, to, in, frame_virt(frame), size - done);
        if (moved > 0)
            done += moved;
        if (thread_killed())
            break;
    }
    frame_put(frame);
    return done > 0 ? (long)done : moved;
}

static long send(struct file *out, struct end *in, uint64_t size) {
    if (!in->file->ops->seek || !in->file->ops->read || !out->ops->write || (out->flags & O_APPEND))
        return -EINVAL;
    long result = end_begin(in);
    if (result)
        return result;
    result = move(out, NULL, in, size);
    long error = end_finish(in);
    return error && (result >= 0 || in->variable) ? error : result;
}

static bool regular(const struct file *file) { return file->inode && S_ISREG(file->inode->mode); }

static long copy_range(struct end *out, struct end *in, uint64_t size) {
    if (!regular(in->file) || !regular(out->file))
        return -EINVAL;
    if (out->file->flags & O_APPEND)
        return -EBADF;
    long result = end_begin(in);
    if (!result)
        result = end_begin(out);
    if (result)
        return result;
    uint64_t apart = in->position > out->position ? in->position - out->position
                                                  : out->position - in->position;
    if (in->file->inode == out->file->inode && apart < size)
        return -EINVAL;
    result = move(out->file, &out->position, in, size);
    long error = end_finish(in);
    if (!error)
        error = end_finish(out);
    return error && result >= 0 ? error : result;
}

// Both files by descriptor, with what every transfer needs of them: 0 or -EBADF.
static long ends_hold(int out, int in, struct end ends[2]) {
    ends[0].file = fd_hold(out);
    ends[1].file = fd_hold(in);
    bool open = ends[0].file && ends[1].file;
    return open && file_writable(ends[0].file) && file_readable(ends[1].file) ? 0 : -EBADF;
}

static void ends_put(struct end ends[2]) {
    for (int i = 0; i < 2; i++)
        if (ends[i].file)
            file_put(ends[i].file);
}

static uint64_t clamp(uint64_t size) { return size < TRANSFER_MAX ? size : TRANSFER_MAX; }

long sys_sendfile(struct trap_frame *call) {
    struct end ends[2] = { { .variable = 0 }, { .variable = call->a2 } };
    long result = ends_hold(call->a0, call->a1, ends);
    if (!result)
        result = send(ends[0].file, &ends[1], clamp(call->a3));
    ends_put(ends);
    return result;
}

// copy_file_range(in, &in_position, out, &out_position, size, flags): no flag is known.
long sys_copy_file_range(struct trap_frame *call) {
    struct end ends[2] = { { .variable = call->a3 }, { .variable = call->a1 } };
    if (call->a5)
        return -EINVAL;
    long result = ends_hold(call->a2, call->a0, ends);
    if (!result)
        result = copy_range(&ends[0], &ends[1], clamp(call->a4));
    ends_put(ends);
    return result;
}
