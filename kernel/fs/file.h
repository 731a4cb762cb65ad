// Open files and descriptor tables.
#ifndef FS_FILE_H
#define FS_FILE_H

#include <abi/fcntl.h>
#include <debug/panic.h>
#include <mm/copy.h>
#include <mm/page_cache.h>
#include <sched/mutex.h>
#include <sched/thread.h>
#include <stdint.h>

struct dentry;
struct dir_sink;
struct file;
struct inode;
struct mount;
struct poll_item;

// Up to uio->left bytes at *position (advanced by the result): bytes, 0 at the end, -errno.
typedef long file_move(struct file *file, struct uio *uio, uint64_t *position);

// What an open file can do; all may sleep. A missing operation gives -EINVAL (read, write),
// -ENOTTY (ioctl), -ESPIPE (seek).
struct file_ops {
    file_move *read, *write;
    int64_t (*seek)(struct file *file, int64_t offset, int whence);
    long (*ioctl)(struct file *file, uint32_t command, uint64_t argument);
    int (*readdir)(struct file *file, struct dir_sink *sink);
    int (*sync)(struct file *file);
    // The events (POLL*) that are there now; joins the queues where others come (fs/poll.h). Never
    // sleeps. Without it the file can always be read and written.
    uint16_t (*poll)(struct file *file, struct poll_item *item);
    // After the file exists and before the descriptor does: 0 or -errno.
    int (*open)(struct inode *inode, struct file *file);
    // The last reference is gone.
    void (*release)(struct file *file);
};

// An open file description: shared by dup and fork.
struct file {
    uint32_t refs;              // atomic
    uint32_t flags;             // O_ACCMODE, O_APPEND, O_NONBLOCK, ...
    const struct file_ops *ops; // set by file_set_ops
    file_move *read, *write;    // its own, or one that says why not
    struct inode *inode;        // with a reference; NULL for none
    struct dentry *dentry;      // where it was opened, with a reference; NULL for pipes
    struct mount *mount;
    struct backing backing;     // its pages, for mappings, which keep the file
    struct mutex position_lock; // guards position in read, write, lseek of shared files
    uint64_t position;          // the driver's own in a file that cannot seek
    void *private;              // the driver's own
};

// A file around `inode` (takes over no reference: it takes its own). NULL: no memory.
struct file *file_create(struct inode *inode, const struct file_ops *ops, uint32_t flags);
struct file *file_hold(struct file *file);
void file_free(struct file *file);      // for file_put alone
static inline void file_put(struct file *file) {        // may sleep
    if (__builtin_expect(__atomic_sub_fetch(&file->refs, 1, __ATOMIC_ACQ_REL) == 0, false))
        file_free(file);
}

// May its bytes be read, or written? A file of O_PATH has operations that refuse both.
static inline bool file_readable(const struct file *file) {
    return (file->flags & O_ACCMODE) != O_WRONLY;
}
static inline bool file_writable(const struct file *file) {
    return (file->flags & O_ACCMODE) != O_RDONLY;
}

// What it can do from now on, as far as its flags allow that.
void file_set_ops(struct file *file, const struct file_ops *ops);

// Read and write, or -EBADF, -EISDIR, -EINVAL. `position` NULL: the file's own, which moves; of a file
// that can seek it is one thread's at a time.
long file_move_locked(struct file *file, struct uio *uio, file_move *move);

static inline long file_move_at(struct file *file, struct uio *uio, uint64_t *position,
                                file_move *move) {
    if (!position && file->ops->seek)
        return file_move_locked(file, uio, move);
    return move(file, uio, position ? position : &file->position);
}

static inline long must_check file_read(struct file *file, struct uio *uio, uint64_t *position) {
    return file_move_at(file, uio, position, file->read);
}

static inline long must_check file_write(struct file *file, struct uio *uio, uint64_t *position) {
    return file_move_at(file, uio, position, file->write);
}


// The largest size that a file may have, by its file system.
uint64_t file_max_size(const struct inode *inode);

// The file was read: its access time changes now and then. May sleep.
void file_accessed(struct file *file);

// lseek: the new position or -errno. May sleep.
int64_t must_check file_seek(struct file *file, int64_t offset, int whence);

// The seek operation of files whose size is `size`; file->position_lock is held.
int64_t file_seek_within(struct file *file, int64_t offset, int whence, uint64_t size);

// What open gives to regular files, directories and fifos, and to files of O_PATH.
extern const struct file_ops regular_file_ops, directory_file_ops, fifo_file_ops, path_file_ops;
extern const struct file_ops block_file_ops;

// From kernel memory's side: exactly like pread of up to `size` bytes.
long must_check file_read_kernel(struct file *file, void *to, size_t size, uint64_t position);

#define FD_COUNT_MAX (1 << 14)          // of one process: what one heap object holds

// A process's descriptors; counted, so that clone can share it. Grows without a fixed limit.
struct file_table {
    uint32_t refs;                  // atomic
    struct spinlock lock;           // guards the rest when refs > 1
    uint32_t capacity;
    uint32_t lowest_free;           // no descriptor below it is free
    struct file **files;            // NULL: free. Then, in the same memory, the close-on-exec flags
    uint8_t *close_on_exec;
};

// For those who look at another process's table, which its owner does not lock while it is not shared:
// the file behind `fd`, held, or NULL; the first that is open from `fd` on, or -1. The owner's
// proc->lock is held: it has not yet let go of the table. Neither sleeps.
struct file *file_table_peek(struct file_table *table, int fd);
int file_table_next(const struct file_table *table, int fd);
uint32_t file_table_capacity(const struct file_table *table);

// Frees the memory of a file, or of an array of them, that somebody may be peeking at.
void file_free_memory(void *memory);

struct file_table *file_table_create(void);                             // NULL: no memory
struct file_table *file_table_copy(struct file_table *table);           // for fork
struct file_table *file_table_hold(struct file_table *table);
void file_table_put(struct file_table *table);                          // may sleep
static inline bool file_table_is_shared(const struct file_table *table) {
    return __atomic_load_n(&table->refs, __ATOMIC_ACQUIRE) > 1;
}
void file_table_close_on_exec(struct file_table *table);

// The file behind `fd` with a reference, to be given back with file_put; or NULL (-EBADF). On the way of
// every call on a descriptor: in line, and without the lock where nobody shares the table.
struct file *fd_hold_shared(struct file_table *table, int fd);

static inline struct file *fd_hold_in(const struct file_table *table, int fd) {
    struct file *file = (uint32_t)fd < table->capacity ? table->files[fd] : NULL;
    if (file)
        __atomic_fetch_add(&file->refs, 1, __ATOMIC_RELAXED);
    return file;
}

static inline struct file *fd_hold(int fd) {
    struct file_table *table = thread_current()->files;     // NULL: a kernel thread's
    if (__builtin_expect(!table || file_table_is_shared(table), false))
        return fd_hold_shared(table, fd);
    return fd_hold_in(table, fd);
}

// The file behind `fd` of a table that nobody shares, which keeps it for the length of a call.
static inline struct file *fd_own(const struct file_table *table, int fd) {
    return (uint32_t)fd < table->capacity ? table->files[fd] : NULL;
}

// As fd_hold, for a user's thread and the length of one call, to be given back with fd_return. A table that
// nobody shares keeps the file meanwhile, as only its owner could close it, who is in the call: then
// *held is NULL.
static inline struct file *fd_borrow(int fd, struct file **held) {
    struct file_table *table = thread_current()->files;
    *held = NULL;
    if (__builtin_expect(file_table_is_shared(table), false))
        return *held = fd_hold_shared(table, fd);
    return fd_own(table, fd);
}

static inline void fd_return(struct file *held) {
    if (__builtin_expect(held != NULL, false))
        file_put(held);
}

// Is `file`, to which the caller has a reference, still behind `fd`? All that was done before is seen by
// whoever closes it later.
bool fd_names(int fd, const struct file *file);

// The lowest free descriptor from `lowest` on for `file` (takes over the caller's reference
// on success only): the descriptor, -EMFILE (RLIMIT_NOFILE is `limit`), -ENOMEM.
int must_check fd_install(struct file *file, int lowest, bool close_on_exec, uint64_t limit);

// dup2: `fd` becomes `file` (reference taken over on success), closing what was there.
int must_check fd_replace(int fd, struct file *file, bool close_on_exec, uint64_t limit);
int must_check fd_close(int fd);                // 0 or -EBADF; may sleep

// Closes those that are open from `first` to `last`, or only marks them to be closed by exec. May sleep.
void fd_close_range(uint32_t first, uint32_t last, bool only_mark);

int fd_get_flags(int fd);                       // FD_CLOEXEC or 0, or -EBADF
int fd_set_flags(int fd, int flags);

#endif
