// Descriptors: small numbers that name open files.
#include <abi/errno.h>
#include <fs/fd_internal.h>
#include <sched/thread.h>

static struct file_table *my_table(void) { return thread_current()->files; }

// Takes the file out of slot `fd`; the lock is held. NULL if there is none.
static struct file *slot_take(struct file_table *table, uint32_t fd) {
    if (fd >= table->capacity || !table->files[fd])
        return NULL;
    struct file *file = table->files[fd];
    table->files[fd] = NULL;
    table->close_on_exec[fd] = 0;
    if (fd < table->lowest_free)
        table->lowest_free = fd;
    return file;
}

void file_table_close_on_exec(struct file_table *table) {
    for (uint32_t fd = 0; fd < table->capacity; fd++) {
        bool locked = table_lock(table);
        struct file *file = table->close_on_exec[fd] ? slot_take(table, fd) : NULL;
        table_unlock(table, locked);
        if (file)
            close_file(table, file);
    }
}

struct file *fd_hold_shared(struct file_table *table, int fd) {
    if (!table)
        return NULL;
    spin_lock(&table->lock);
    struct file *file = fd_hold_in(table, fd);
    spin_unlock(&table->lock);
    return file;
}

bool fd_names(int fd, const struct file *file) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    struct file *found = fd_hold(fd);
    if (found)
        file_put(found);
    return found == file;
}

// The lowest free descriptor from `lowest` on; the lock is held. May be the capacity.
static uint32_t find_free(struct file_table *table, uint32_t lowest) {
    uint32_t fd = lowest > table->lowest_free ? lowest : table->lowest_free;
    while (fd < table->capacity && table->files[fd])
        fd++;
    return fd;
}

static void slot_fill(struct file_table *table, uint32_t fd, struct file *file, bool exec) {
    table->files[fd] = file;
    table->close_on_exec[fd] = exec;
    if (fd == table->lowest_free)
        table->lowest_free = fd + 1;
}

int fd_install(struct file *file, int lowest, bool close_on_exec, uint64_t limit) {
    struct file_table *table = my_table();
    for (;;) {
        bool locked = table_lock(table);
        uint32_t fd = find_free(table, lowest);
        bool fits = fd < table->capacity && fd < limit;
        if (fits)
            slot_fill(table, fd, file, close_on_exec);
        table_unlock(table, locked);
        if (fits)
            return fd;
        int error = fd >= limit ? -EMFILE : file_table_grow(table, fd);
        if (error)
            return error;
    }
}

int fd_replace(int fd, struct file *file, bool close_on_exec, uint64_t limit) {
    struct file_table *table = my_table();
    if (fd < 0 || (uint64_t)fd >= limit)
        return -EBADF;
    if ((uint32_t)fd >= table->capacity) {
        int error = file_table_grow(table, fd);
        if (error)
            return error;
    }
    bool locked = table_lock(table);
    struct file *old = slot_take(table, fd);
    slot_fill(table, fd, file, close_on_exec);
    table_unlock(table, locked);
    if (old)
        close_file(table, old);
    return fd;
}

int fd_close(int fd) {
    struct file_table *table = my_table();
    bool locked = table_lock(table);
    struct file *file = slot_take(table, fd);
    table_unlock(table, locked);
    if (!file)
        return -EBADF;
    close_file(table, file);
    return 0;
}

void fd_close_range(uint32_t first, uint32_t last, bool only_mark) {
    struct file_table *table = my_table();
    for (uint64_t fd = first; fd <= last && fd < file_table_capacity(table); fd++) {
        struct file *file = NULL;
        bool locked = table_lock(table);
        if (!only_mark)
            file = slot_take(table, fd);
        else if (table->files[fd])
            table->close_on_exec[fd] = FD_CLOEXEC;
        table_unlock(table, locked);
        if (file)
            close_file(table, file);
    }
}

int fd_get_flags(int fd) {
    struct file_table *table = my_table();
    bool locked = table_lock(table);
    bool open = (uint32_t)fd < table->capacity && table->files[fd];
    int flags = open ? table->close_on_exec[fd] : -EBADF;
    table_unlock(table, locked);
    return flags;
}

int fd_set_flags(int fd, int flags) {
    struct file_table *table = my_table();
    bool locked = table_lock(table);
    bool open = (uint32_t)fd < table->capacity && table->files[fd];
    if (open)
        table->close_on_exec[fd] = flags & FD_CLOEXEC;
    table_unlock(table, locked);
    return open ? 0 : -EBADF;
}
