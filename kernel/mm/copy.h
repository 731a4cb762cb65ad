// Between the kernel and user memory (law 3): through the page tables and the direct map,
// never by dereferencing a user address.
#ifndef MM_COPY_H
#define MM_COPY_H

#include <debug/panic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Copies `size` bytes from or to the calling process's memory; absent pages are faulted in.
// 0 or -EFAULT (then a part may have been copied). May sleep: hold no spinlock, page, inode
// or pipe lock.
int must_check copy_in(void *to, uint64_t from_user, size_t size);
int must_check copy_out(uint64_t to_user, const void *from, size_t size);

// A NUL-terminated string of at most size-1 characters: its length, -EFAULT, or
// -ENAMETOOLONG when there is no NUL within `size`. May sleep.
long must_check copy_in_str(char *to, uint64_t from_user, size_t size);

// The same into another space, which the caller holds (fork's child, a new program's image).
struct space;
int must_check space_copy_out(struct space *space, uint64_t to_user, const void *from,
                              size_t size);

// Out of another space, which the caller holds: the number of bytes before the first that cannot be
// read. May sleep.
size_t space_copy_in(struct space *space, void *to, uint64_t from_user, size_t size);

// As above but never fault and never sleep: the number of bytes copied before the first
// page that is absent or forbidden. Allowed under any lock.
size_t copy_in_nofault(void *to, uint64_t from_user, size_t size);
size_t copy_out_nofault(uint64_t to_user, const void *from, size_t size);

// An aligned word of 32 bits, atomically: false where the nofault forms would stop. The second stores
// `fresh` if the word is *value, and tells in *value what it was.
bool must_check user_word_read(uint64_t user, uint32_t *value);
bool must_check user_word_change(uint64_t user, uint32_t *value, uint32_t fresh);

// Makes the pages of [user, user+size) present with the right to read (or write): 0 or
// -EFAULT. They may go away again at once; callers loop. May sleep.
int must_check copy_fault_in(uint64_t user, size_t size, bool write);

// A caller's buffers, in pieces, on the user's side or the kernel's: what read and write and
// their vector forms hand down. Consumed from the front; a copy of the struct remembers a state
// to go back to, because the pieces themselves do not change.
struct uio_piece {
    uint64_t base;              // user address, or kernel pointer
    uint64_t size;
};

struct uio {
    uint64_t base;              // what comes next...
    size_t front;               // ... and how much of it lies in one piece
    size_t left;                // bytes not yet consumed, over all pieces
    const struct uio_piece *more;   // those that follow, while they are needed for `left`
    bool kernel;                // pieces are kernel memory
};

static inline struct uio uio_user(uint64_t base, size_t size) {
    return (struct uio){ .base = base, .front = size, .left = size };
}
static inline struct uio uio_kernel(const void *memory, size_t size) {
    return (struct uio){ .base = (uint64_t)memory, .front = size, .left = size, .kernel = true };
}

// No more than `size` bytes of it.
static inline void uio_limit(struct uio *uio, size_t size) {
    uio->left = uio->left < size ? uio->left : size;
    uio->front = uio->front < size ? uio->front : size;
}

// Kernel -> caller's buffers, and caller's buffers -> kernel. At most `size` and at most what
// is left. The number of bytes moved; less than asked for only at a bad address, and then
// -EFAULT if none. The uio advances by what was moved. May sleep (see copy_in).
long must_check uio_put(struct uio *uio, const void *from, size_t size);
long must_check uio_take(struct uio *uio, void *to, size_t size);

// Zeros instead of bytes: for holes and /dev/zero.
long must_check uio_put_zeros(struct uio *uio, size_t size);

// As above, but never sleep: may stop short at an absent page (0 is possible).
size_t uio_put_nofault(struct uio *uio, const void *from, size_t size);
size_t uio_take_nofault(struct uio *uio, void *to, size_t size);

// Faults in the next piece of at most `size` bytes for a put (write) or a take: 0 if the next
// nofault call will make progress (unless the page goes away at once), or -EFAULT.
int must_check uio_fault_in(struct uio *uio, size_t size, bool for_put);

#endif
