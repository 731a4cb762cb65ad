// The copy of a few bytes, in line, for those who move them one by one: no call is in it, and no wait.
//
// What is in the way (a page's end, somebody else's lock, a walk, a fault, more bytes) makes it fail
// before anything has happened; then the functions of copy.h do it.
#ifndef MM_COPY_SHORT_H
#define MM_COPY_SHORT_H

#include <mm/copy.h>
#include <mm/space.h>
#include <riscv/pte.h>
#include <sched/thread.h>

#define COPY_SHORT_MOST 8

// What the user's entry must have for the kernel to read, or to write there on the user's behalf.
#define USER_READABLE (PTE_V | PTE_U | PTE_R | PTE_A)
#define USER_WRITABLE (PTE_V | PTE_U | PTE_W | PTE_D | PTE_A)

static inline void bytes_move(char *kernel, char *user, size_t size, bool out) {
    char *to = out ? user : kernel, *from = out ? kernel : user, *end = from + size;
    do
        *to++ = *from++;
    while (from < end);
}

// The caller holds a spinlock; `size` is not 0.
static inline __attribute__((always_inline)) bool
copy_short(uint64_t user, char *kernel, size_t size, bool out) {
    struct space *space = thread_current()->space;
    uint64_t needed = out ? USER_WRITABLE : USER_READABLE, offset = user % PAGE_SIZE;
    if (offset + size > PAGE_SIZE || !spin_trylock_nested(&space->table_lock))
        return false;
    if (user >> LEAF_SHIFT == space->leaf_region) {
        pte_t pte = space->leaf_table[vpn(user, 0)];
        if ((pte & needed) == needed) {
            bytes_move(kernel, (char *)phys_to_virt(pte_phys(pte)) + offset, size, out);
            spin_unlock_nested(&space->table_lock);
            return true;
        }
    }
    spin_unlock_nested(&space->table_lock);
    return false;
}

// To or from a uio whose last `size` bytes these are, in one piece. The caller holds a spinlock.
static inline __attribute__((always_inline)) bool
uio_move_short(struct uio *uio, char *kernel, size_t size, bool put) {
    if (size - 1 >= COPY_SHORT_MOST || uio->kernel || uio->front < size ||
        !copy_short(uio->base, kernel, size, put))
        return false;
    uio->front = uio->left = 0;
    return true;
}

#endif
