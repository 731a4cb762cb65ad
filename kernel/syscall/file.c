// System calls on descriptors: reading and writing.
#include <abi/errno.h>
#include <abi/limits.h>
#include <abi/resource.h>
#include <abi/signal.h>
#include <abi/stat.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <mm/heap.h>
#include <proc/proc.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

#define PIECES_ON_STACK 8

// Is [base, base+size) in user space at all?
static bool user_range(uint64_t base, uint64_t size) {
    return size <= USER_LIMIT && base <= USER_LIMIT - size;
}

static uint64_t clamp(uint64_t size) { return size < TRANSFER_MAX ? size : TRANSFER_MAX; }

// RLIMIT_FSIZE: takes away what would go past the limit. -EFBIG and SIGXFSZ if that is all.
static int limit_write(const struct file *file, struct uio *uio, const uint64_t *position) {
    uint64_t limit = proc_limit(RLIMIT_FSIZE);
    if (!file->inode || !S_ISREG(file->inode->mode))
        return 0;
    uint64_t at = position ? *position : file->position;
    if (file->flags & O_APPEND)
        at = file->inode->size;
    if (at >= limit && uio->left > 0) {
        thread_signal(SIGXFSZ);
        return -EFBIG;
    }
    uio_limit(uio, limit - at);
    return 0;
}

static __attribute__((noinline)) long write_limited(struct file *file, struct uio *uio,
                                                    uint64_t *position) {
    int error = proc_limit(RLIMIT_FSIZE) == RLIM_INFINITY ? 0 : limit_write(file, uio, position);
    return error ? error : file_write(file, uio, position);
}

static __attribute__((noinline)) long nobody_reads(void) {
    thread_signal(SIGPIPE);
    return -EPIPE;
}

static inline long do_write(struct file *file, struct uio *uio, uint64_t *position) {
    bool sized = __builtin_expect(file->ops->seek != NULL, false);
    long result = sized ? write_limited(file, uio, position) : file_write(file, uio, position);
    return __builtin_expect(result == -EPIPE, false) ? nobody_reads() : result;
}

long write_from_kernel(struct file *file, void *from, uint64_t size, uint64_t *position) {
    struct uio uio = uio_kernel(from, size);
    return do_write(file, &uio, position);
}

static long read_from(struct file *file, const struct trap_frame *call) {
    if (__builtin_expect(!user_range(call->a1, call->a2), false))
        return -EFAULT;
    struct uio uio = uio_user(call->a1, clamp(call->a2));
    return file_read(file, &uio, NULL);
}

static long write_to(struct file *file, const struct trap_frame *call) {
    if (__builtin_expect(!user_range(call->a1, call->a2), false))
        return -EFAULT;
    struct uio uio = uio_user(call->a1, clamp(call->a2));
    return do_write(file, &uio, NULL);
}

typedef long transfer_call(struct file *file, const struct trap_frame *call);

static __attribute__((noinline)) long with_shared_file(const struct trap_frame *call, transfer_call *transfer) {
    struct file *held, *file = fd_borrow(call->a0, &held);
    long result = file ? transfer(file, call) : -EBADF;
    fd_return(held);
    return result;
}

// `transfer` with the file of a descriptor. What may be closed meanwhile is another function's: here no
// reference has to outlive the transfer.
static inline __attribute__((always_inline)) long with_file(const struct trap_frame *call,
                                                            transfer_call *transfer) {
    struct file_table *table = thread_current()->files;
    if (__builtin_expect(file_table_is_shared(table), false))
        return with_shared_file(call, transfer);
    struct file *file = fd_own(table, call->a0);
    return file ? transfer(file, call) : -EBADF;
}

long sys_read(struct trap_frame *call) { return with_file(call, read_from); }
long sys_write(struct trap_frame *call) { return with_file(call, write_to); }

// What the calls with a position of their own need of it, and of the file.
static int check_position(const struct file *file, uint64_t position) {
    if ((int64_t)position < 0)
        return -EINVAL;
    return file->ops->seek ? 0 : -ESPIPE;
}

static long transfer_at(struct trap_frame *call, uint64_t position, bool write) {
    struct file *held, *file = fd_borrow(call->a0, &held);
    if (!file)
        return -EBADF;
    long result = check_position(file, position);
    if (!result && !user_range(call->a1, call->a2))
        result = -EFAULT;
    if (!result) {
        struct uio uio = uio_user(call->a1, clamp(call->a2));
        result = write ? do_write(file, &uio, &position) : file_read(file, &uio, &position);
    }
    fd_return(held);
    return result;
}

long sys_pread64(struct trap_frame *call) { return transfer_at(call, call->a3, false); }

long sys_pwrite64(struct trap_frame *call) { return transfer_at(call, call->a3, true); }

// Copies and checks the caller's array of `count` pieces: 0, -EFAULT, -EINVAL. What goes beyond the
// largest transfer is cut off.
static int pieces_in(uint64_t user, uint64_t count, struct uio *uio, struct uio_piece *pieces) {
    uint64_t total = 0;
    if (copy_in(pieces, user, count * sizeof(*pieces)))
        return -EFAULT;
    for (uint64_t i = 0; i < count; i++) {
        if ((int64_t)pieces[i].size < 0 || pieces[i].size > INT64_MAX - total)
            return -EINVAL;
        if (!user_range(pieces[i].base, pieces[i].size))
            return -EFAULT;
        total += pieces[i].size;
    }
    *uio = (struct uio){ .more = pieces, .left = clamp(total) };
    return 0;
}

// readv and its like on an open file; `position` NULL: the file's own.
static long transfer_vector(struct file *file, uint64_t user, uint64_t count, uint64_t *position,
                            bool write) {
    struct uio_piece few[PIECES_ON_STACK], *pieces = few;
    struct uio uio;
    if (count > IOV_MAX)
        return -EINVAL;
    if (count > PIECES_ON_STACK && !(pieces = kmalloc(count * sizeof(*pieces))))
        return -ENOMEM;
    long result = pieces_in(user, count, &uio, pieces);
    if (!result)
        result = write ? do_write(file, &uio, position) : file_read(file, &uio, position);
    if (pieces != few)
        kfree(pieces);
    return result;
}

static long vector(struct trap_frame *call, bool write) {
    struct file *held, *file = fd_borrow(call->a0, &held);
    if (!file)
        return -EBADF;
    long result = transfer_vector(file, call->a1, call->a2, NULL, write);
    fd_return(held);
    return result;
}

static long vector_at(struct trap_frame *call, bool write) {
    uint64_t position = call->a3;
    struct file *held, *file = fd_borrow(call->a0, &held);
    if (!file)
        return -EBADF;
    long result = check_position(file, position);
    if (!result)
        result = transfer_vector(file, call->a1, call->a2, &position, write);
    fd_return(held);
    return result;
}

long sys_readv(struct trap_frame *call) { return vector(call, false); }

long sys_writev(struct trap_frame *call) { return vector(call, true); }

long sys_preadv(struct trap_frame *call) { return vector_at(call, false); }

long sys_pwritev(struct trap_frame *call) { return vector_at(call, true); }

// The same with flags, of which none is known; position -1 is the file's own.
static long vector_flagged(struct trap_frame *call, bool write) {
    if (call->a5)
        return -EOPNOTSUPP;
    return call->a3 == UINT64_MAX ? vector(call, write) : vector_at(call, write);
}

long sys_preadv2(struct trap_frame *call) { return vector_flagged(call, false); }

long sys_pwritev2(struct trap_frame *call) { return vector_flagged(call, true); }

long sys_lseek(struct trap_frame *call) {
    struct file *held, *file = fd_borrow(call->a0, &held);
    if (!file)
        return -EBADF;
    long result = file_seek(file, call->a1, (int)call->a2);
    fd_return(held);
    return result;
}

static long sync_file(struct trap_frame *call) {
    struct file *held, *file = fd_borrow(call->a0, &held);
    if (!file)
        return -EBADF;
    long result = file->ops->sync ? file->ops->sync(file) : -EINVAL;
    fd_return(held);
    return result;
}

long sys_fsync(struct trap_frame *call) { return sync_file(call); }

long sys_fdatasync(struct trap_frame *call) { return sync_file(call); }

long sys_syncfs(struct trap_frame *call) {
    struct file *held, *file = fd_borrow(call->a0, &held);
    if (!file)
        return -EBADF;
    long result = file->inode && !(file->flags & O_PATH) ? super_sync(file->inode->super) : -EBADF;
    fd_return(held);
    return result;
}

// Advice is checked and not followed: a reader in order is read ahead for anyway, and pages that
// nobody uses go first.
long sys_fadvise64(struct trap_frame *call) {
    struct file *held, *file = fd_borrow(call->a0, &held);
    if (!file)
        return -EBADF;
    bool known = (int64_t)call->a2 >= 0 && (uint32_t)call->a3 <= POSIX_FADV_NOREUSE;
    long result = !file->ops->seek ? -ESPIPE : known ? 0 : -EINVAL;
    fd_return(held);
    return result;
}

// Blocks are given out when they are written. C libraries then write zeros (posix_fallocate).
long sys_fallocate(struct trap_frame *call) {
    struct file *held, *file = fd_borrow(call->a0, &held);
    if (!file)
        return -EBADF;
    bool valid = (int64_t)call->a2 >= 0 && (int64_t)call->a3 > 0;
    long result = !valid ? -EINVAL : !file_writable(file) ? -EBADF : -EOPNOTSUPP;
    fd_return(held);
    return result;
}
