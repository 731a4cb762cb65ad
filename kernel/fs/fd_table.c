// Descriptor tables: made, copied, shared, grown and given up.
#include <abi/errno.h>
#include <fs/fd_internal.h>
#include <lib/string.h>
#include <mm/heap.h>

#define FIRST_CAPACITY 32           // descriptors; a multiple of 64 from the first growth on

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

int file_table_grow(struct file_table *table, uint32_t fd) {
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
