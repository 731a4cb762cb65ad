// Other processes' descriptors, seen from outside: /proc/PID/fd.
//
// Who peeks reads a slot without the table's lock. What he finds there may be closed at any moment, but
// its memory stays meanwhile: a slot is cleared before its file is freed, and either the one who frees
// sees that somebody peeks, and waits for him; or that one sees the slot cleared.
#include <fs/fd_internal.h>
#include <mm/heap.h>

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
