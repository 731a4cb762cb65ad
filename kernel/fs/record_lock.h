// Advisory locks: fcntl's record locks (POSIX: a process's, on ranges) and flock's (an open file's,
// on all of it). A process is its descriptor table here: whoever closes a descriptor of it ends the
// locks, be it another thread or another process that shares the table. The two kinds do not see each other.
#ifndef FS_RECORD_LOCK_H
#define FS_RECORD_LOCK_H

#include <debug/panic.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <stdbool.h>
#include <stdint.h>

// The bytes [start, end]; end INT64_MAX: and all that follow.
struct record_range {
    bool flock;
    short type;                 // F_RDLCK, F_WRLCK, F_UNLCK
    int64_t start, end;
    int pid;                    // of the process that has or wants it
};

// Finds what keeps the calling process (the open file, for flock) from having `range`: it is put
// there, or the type becomes F_UNLCK if nothing does. 0 or -EINVAL (a file without an inode).
int must_check record_lock_test(struct file *file, struct record_range *range);

// Sets or clears a lock for the calling process, or the open file. -EAGAIN when another's is in
// the way, or with `wait` sleeps until it is not: -EINTR. -ENOMEM, -EINVAL.
int must_check record_lock_set(struct file *file, const struct record_range *range, bool wait);

// All locks of `owner` on the file go: of a table, a descriptor of which is being closed; or of the
// file itself, to which no reference is left. That there are none is decided in the caller.
void record_locks_drop_any(struct file *file, const void *owner);

static inline void record_locks_drop(struct file *file, const void *owner) {
    if (file->inode && !list_empty(&file->inode->record_locks))
        record_locks_drop_any(file, owner);
}

#endif
