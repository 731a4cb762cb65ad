// Descriptor tables: small numbers that name open files.
#include <abi/errno.h>
#include <fs/file.h>
#include <fs/record_lock.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <sched/thread.h>

#define FIRST_CAPACITY 32           // descriptors; a multiple of 64 from the first growth on

static struct file_table *my_table(void) { return thread_current()->files; }

// A table that only this thread has needs no lock: only its owner can share it.
static bool table_lock(struct file_table *table) {
    if (!file_table_is_shared(table))
        return false;
    spin_lock(&table->lock);
    return true;
}

static void table_unlock(struct file_table *table, bool locked) {
    if (locked)
        spin_unlock(&table->lock);
}

static struct file **slots_alloc(uint32_t capacity) {
    return kzalloc(capacity * (sizeof(struct file *) + 1));
}

static void slots_set(struct file_table *table, struct file **files, uint32_t capacity) {
    table->close_on_exec = (uint8_t *)(files + capacity);
    // Who peeks sees no capacity that the array does not have.
    __atomic_store_n(&table->files, files, __ATOMIC_RELEASE);
    __atomic_store_n(&table->capacity, capacity, __ATOMIC_RELEASE);
}

static struct file_table *table_alloc(uint32_t capacity) {
    struct file_table *table = kzalloc(sizeof(*table));
    struct file **files = slots_alloc(capacity);
    if (!table || !files) {
        kfree(table);
        kfree(files);
        return NULL;
    }
    table->refs = 1;
    spin_init(&table->lock, "file table");
    slots_set(table, files, capacity);
    return table;
}

struct file_table *file_table_create(void) { return table_alloc(FIRST_CAPACITY); }

// What a table needs that holds the same files: one that once had many may have few now. The lock is
// held.
static uint32_t capacity_needed(const struct file_table *table) {
    uint32_t capacity = table->capacity;
    while (capacity > FIRST_CAPACITY && !table->files[capacity - 1])
        capacity--;
    return capacity;
}

struct file_table *file_table_copy(struct file_table *from) {
    bool locked = table_lock(from);
    uint32_t capacity = capacity_needed(from);
    table_unlock(from, locked);
    struct file_table *table = table_alloc(capacity);
    if (!table)
        return NULL;
    locked = table_lock(from);
    if (capacity_needed(from) > capacity) { // it grew meanwhile: once more
        table_unlock(from, locked);
        file_table_put(table);
        return file_table_copy(from);
    }
    for (uint32_t fd = 0; fd < capacity; fd++) {
        if (from->files[fd])
            table->files[fd] = file_hold(from->files[fd]);
    }
    memcpy(table->close_on_exec, from->close_on_exec, capacity);
    table->lowest_free = from->lowest_free;
    table_unlock(from, locked);
    return table;
}

struct file_table *file_table_hold(struct file_table *table) {
    __atomic_fetch_add(&table->refs, 1, __ATOMIC_RELAXED);
    return table;
}

// A descriptor is closed: the table's record locks on the file go (POSIX fcntl), then the reference. Who
// locks looks afterwards whether the descriptor is still open: one of both sees the other.
static void close_file(const struct file_table *table, struct file *file) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    record_locks_drop(file, table);
    file_put(file);
}

void file_table_put(struct file_table *table) {
    if (!table || __atomic_sub_fetch(&table->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    for (uint32_t fd = 0; fd < table->capacity; fd++) {
        if (table->files[fd])
            close_file(table, table->files[fd]);
    }
    kfree(table->files);
    kfree(table);
}

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

// Makes room for descriptor `fd`: 0, -EMFILE, -ENOMEM.
static int table_grow(struct file_table *table, uint32_t fd) {
    uint32_t capacity = table->capacity;
    if (fd >= FD_COUNT_MAX)
        return -EMFILE;
    while (capacity <= fd)
        capacity *= 2;
    struct file **files = slots_alloc(capacity);
    if (!files)
        return -ENOMEM;
    struct file **old = files;
    bool locked = table_lock(table);
    if (table->capacity < capacity) {
        old = table->files;
        memcpy(files, old, table->capacity * sizeof(*old));
        memcpy(files + capacity, table->close_on_exec, table->capacity);
        slots_set(table, files, capacity);
    }
    table_unlock(table, locked);
    file_free_memory(old);
    return 0;
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
        int error = fd >= limit ? -EMFILE : table_grow(table, fd);
        if (error)
            return error;
    }
}

int fd_replace(int fd, struct file *file, bool close_on_exec, uint64_t limit) {
    struct file_table *table = my_table();
    if (fd < 0 || (uint64_t)fd >= limit)
        return -EBADF;
    if ((uint32_t)fd >= table->capacity) {
        int error = table_grow(table, fd);
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

// --- from outside ---

// Who peeks reads a slot without the table's lock. What he finds there may be closed at any moment, but
// its memory stays meanwhile: a slot is cleared before its file is freed, and either the one who frees
// sees that somebody peeks, and waits for him; or that one sees the slot cleared.
static struct spinlock peek_lock = SPINLOCK_INIT("peek at files");
static bool peeking;

static void peek_begin(void) {
    spin_lock(&peek_lock);
    __atomic_store_n(&peeking, true, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void peek_end(void) {
    __atomic_store_n(&peeking, false, __ATOMIC_RELEASE);
    spin_unlock(&peek_lock);
}

void file_free_memory(void *memory) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__builtin_expect(__atomic_load_n(&peeking, __ATOMIC_ACQUIRE), false)) {
        spin_lock(&peek_lock);
        spin_unlock(&peek_lock);
    }
    kfree(memory);
}

static struct file *slot_peek(const struct file_table *table, uint32_t fd) {
    if (fd >= __atomic_load_n(&table->capacity, __ATOMIC_ACQUIRE))
        return NULL;
    struct file **files = __atomic_load_n(&table->files, __ATOMIC_ACQUIRE);
    return __atomic_load_n(&files[fd], __ATOMIC_ACQUIRE);
}

// One reference more, unless the last one has gone.
static bool hold_living(struct file *file) {
    uint32_t refs = __atomic_load_n(&file->refs, __ATOMIC_RELAXED);
    while (refs && !__atomic_compare_exchange_n(&file->refs, &refs, refs + 1, true,
                                                __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        ;
    return refs;
}

struct file *file_table_peek(struct file_table *table, int fd) {
    peek_begin();
    struct file *file = slot_peek(table, fd);
    if (file && !hold_living(file))
        file = NULL;
    peek_end();
    return file;
}

int file_table_next(const struct file_table *table, int fd) {
    peek_begin();
    int capacity = __atomic_load_n(&table->capacity, __ATOMIC_ACQUIRE);
    while (fd < capacity && !slot_peek(table, fd))
        fd++;
    peek_end();
    return fd < capacity ? fd : -1;
}

uint32_t file_table_capacity(const struct file_table *table) {
    return __atomic_load_n(&table->capacity, __ATOMIC_RELAXED);
}
