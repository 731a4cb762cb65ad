// Descriptor tables, for the fd files alone.
#ifndef FS_FD_INTERNAL_H
#define FS_FD_INTERNAL_H

#include <fs/file.h>
#include <fs/record_lock.h>
#include <sync/spinlock.h>

// A table that only this thread has needs no lock: only its owner can share it.
static inline bool table_lock(struct file_table *table) {
    if (!file_table_is_shared(table))
        return false;
    spin_lock(&table->lock);
    return true;
}

static inline void table_unlock(struct file_table *table, bool locked) {
    if (locked)
        spin_unlock(&table->lock);
}

// A descriptor is closed: the table's record locks on the file go (POSIX fcntl), then the reference. Who
// locks looks afterwards whether the descriptor is still open: one of both sees the other.
static inline void close_file(const struct file_table *table, struct file *file) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    record_locks_drop(file, table);
    file_put(file);
}

// Makes room for descriptor `fd`: 0, -EMFILE, -ENOMEM.
int must_check file_table_grow(struct file_table *table, uint32_t fd);

#endif
