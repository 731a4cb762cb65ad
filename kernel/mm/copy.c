// Copies between the kernel and user memory: one page at a time, through the page table and
// the direct map, under the page table's lock, so that the frame stays while it is copied.
#include <abi/errno.h>
#include <lib/string.h>
#include <mm/copy_short.h>
#include <riscv/sv39.h>

// Finds the table of the leaves around `va` by a walk, for next time as well: NULL if there is none.
static __attribute__((noinline)) pte_t *leaf_table_find(struct space *space, uint64_t va) {
    pte_t *first = va >> USER_BITS ? NULL : sv39_leaf(space->root, va & -level_size(1));
    if (first) {
        space->leaf_region = va >> LEAF_SHIFT;
        space->leaf_table = first;
    }
    return first;
}

// Where `va` is in the direct map if the user may reach it with all of `needed`, else NULL.
// table_lock is held.
static inline char *user_virt(struct space *space, uint64_t va, uint64_t needed) {
    bool known = va >> LEAF_SHIFT == space->leaf_region;
    pte_t *table = known ? space->leaf_table : leaf_table_find(space, va);
    if (!table || (table[vpn(va, 0)] & needed) != needed)
        return NULL;
    return (char *)phys_to_virt(pte_phys(table[vpn(va, 0)])) + va % PAGE_SIZE;
}

static inline size_t in_page(uint64_t va, size_t size) {
    size_t room = PAGE_SIZE - va % PAGE_SIZE;
    return size < room ? size : room;
}

// Copies within one page: false if the user may not do that there.
static inline bool page_in(void *to, uint64_t from_user, size_t size, struct space *space) {
    spin_lock(&space->table_lock);
    const char *from = user_virt(space, from_user, USER_READABLE);
    if (from)
        memcpy(to, from, size);
    spin_unlock(&space->table_lock);
    return from;
}

static inline bool page_out(uint64_t to_user, const void *from, size_t size, struct space *space) {
    spin_lock(&space->table_lock);
    char *to = user_virt(space, to_user, USER_WRITABLE);
    if (to)
        memcpy(to, from, size);
    spin_unlock(&space->table_lock);
    return to;
}

static __attribute__((noinline)) size_t pages_in(char *to, uint64_t from_user, size_t size,
                                                 struct space *space) {
    size_t done = 0, piece;
    for (; done < size; done += piece) {
        piece = in_page(from_user + done, size - done);
        if (!page_in(to + done, from_user + done, piece, space))
            break;
    }
    return done;
}

static __attribute__((noinline)) size_t pages_out(uint64_t to_user, const char *from, size_t size,
                                                  struct space *space) {
    size_t done = 0, piece;
    for (; done < size; done += piece) {
        piece = in_page(to_user + done, size - done);
        if (!page_out(to_user + done, from + done, piece, space))
            break;
    }
    return done;
}

// Most copies are short and lie in one page: no loop for them. The space comes last, so that the others
// stay in the registers that they came in.
static size_t in_nofault(void *to, uint64_t from_user, size_t size, struct space *space) {
    if (in_page(from_user, size) < size)
        return pages_in(to, from_user, size, space);
    return page_in(to, from_user, size, space) ? size : 0;
}

static size_t out_nofault(uint64_t to_user, const void *from, size_t size, struct space *space) {
    if (in_page(to_user, size) < size)
        return pages_out(to_user, from, size, space);
    return page_out(to_user, from, size, space) ? size : 0;
}

size_t copy_in_nofault(void *to, uint64_t from_user, size_t size) {
    return in_nofault(to, from_user, size, thread_current()->space);
}

size_t copy_out_nofault(uint64_t to_user, const void *from, size_t size) {
    return out_nofault(to_user, from, size, thread_current()->space);
}

size_t space_copy_in(struct space *space, void *to, uint64_t from_user, size_t size) {
    size_t done = 0;
    while ((done += in_nofault((char *)to + done, from_user + done, size - done, space)) < size)
        if (space_fault(space, from_user + done, ACCESS_READ))
            break;
    return done;
}

static int fault_one(uint64_t user, enum access access) {
    return space_fault(thread_current()->space, user, access) ? -EFAULT : 0;
}

int copy_in(void *to, uint64_t from_user, size_t size) {
    size_t done = 0;
    while ((done += copy_in_nofault((char *)to + done, from_user + done, size - done)) < size)
        if (fault_one(from_user + done, ACCESS_READ))
            return -EFAULT;
    return 0;
}

int space_copy_out(struct space *space, uint64_t to_user, const void *from, size_t size) {
    size_t done = 0;
    while ((done += out_nofault(to_user + done, (const char *)from + done, size - done, space)) < size)
        if (space_fault(space, to_user + done, ACCESS_WRITE))
            return -EFAULT;
    return 0;
}

int copy_out(uint64_t to_user, const void *from, size_t size) {
    return space_copy_out(thread_current()->space, to_user, from, size);
}

// Up to the page's end or the NUL: what was copied; *end says that the NUL came along.
static size_t copy_str_page(char *to, uint64_t from_user, size_t size, bool *end) {
    struct space *space = thread_current()->space;
    size_t piece = in_page(from_user, size), length = 0;
    spin_lock(&space->table_lock);
    const char *from = user_virt(space, from_user, USER_READABLE);
    if (from) {
        length = strnlen(from, piece);
        *end = length < piece;
        memcpy(to, from, length + *end);
    }
    spin_unlock(&space->table_lock);
    return from ? length : 0;
}

long copy_in_str(char *to, uint64_t from_user, size_t size) {
    size_t done = 0;
    bool end = false;
    while (done < size) {
        size_t piece = copy_str_page(to + done, from_user + done, size - done, &end);
        done += piece;
        if (end)
            return done;
        if (!piece && fault_one(from_user + done, ACCESS_READ))
            return -EFAULT;
    }
    return -ENAMETOOLONG;
}

bool user_word_read(uint64_t user, uint32_t *value) {
    struct space *space = thread_current()->space;
    spin_lock(&space->table_lock);
    const uint32_t *word = (const uint32_t *)user_virt(space, user, USER_READABLE);
    if (word)
        *value = __atomic_load_n(word, __ATOMIC_ACQUIRE);
    spin_unlock(&space->table_lock);
    return word;
}

bool user_word_change(uint64_t user, uint32_t *value, uint32_t fresh) {
    struct space *space = thread_current()->space;
    spin_lock(&space->table_lock);
    uint32_t *word = (uint32_t *)user_virt(space, user, USER_WRITABLE);
    if (word)
        (void)!__atomic_compare_exchange_n(word, value, fresh, false, __ATOMIC_SEQ_CST,
                                           __ATOMIC_SEQ_CST);
    spin_unlock(&space->table_lock);
    return word;
}

int copy_fault_in(uint64_t user, size_t size, bool write) {
    if (size > USER_LIMIT || user > USER_LIMIT - size)
        return -EFAULT;
    // Many pages may take long; one is for the end of a thread as well (proc/robust.c).
    for (uint64_t va = page_floor(user); va < user + size; va += PAGE_SIZE)
        if ((va > user && thread_killed()) || fault_one(va, write ? ACCESS_WRITE : ACCESS_READ))
            return -EFAULT;
    return 0;
}
