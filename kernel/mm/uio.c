// A caller's buffers in pieces, consumed from the front (see mm/copy.h).
#include <abi/errno.h>
#include <lib/string.h>
#include <mm/copy.h>
#include <riscv/layout.h>

static const uint8_t zeros[PAGE_SIZE];

static size_t min_size(size_t a, size_t b) { return a < b ? a : b; }

// What is left of the piece that comes next; 0 at the end.
static inline size_t front_size(struct uio *uio) {
    while (__builtin_expect(uio->front == 0, false) && uio->left > 0) {
        uio->base = uio->more->base;
        uio->front = min_size(uio->more->size, uio->left);
        uio->more++;
    }
    return uio->front;
}

static inline void uio_advance(struct uio *uio, size_t size) {
    uio->base += size;
    uio->front -= size;
    uio->left -= size;
}

// Moves `size` bytes between `memory` and the front piece, to which they belong: 0 or -EFAULT.
static inline int move(struct uio *uio, void *memory, size_t size, bool put) {
    if (!uio->kernel)
        return put ? copy_out(uio->base, memory, size) : copy_in(memory, uio->base, size);
    if (put)
        memcpy((void *)uio->base, memory, size);
    else
        memcpy(memory, (void *)uio->base, size);
    return 0;
}

// As move, but never sleeps: the number of bytes moved.
static inline size_t move_nofault(struct uio *uio, void *memory, size_t size, bool put) {
    if (!uio->kernel)
        return put ? copy_out_nofault(uio->base, memory, size) : copy_in_nofault(memory, uio->base, size);
    return move(uio, memory, size, put) == 0 ? size : 0;
}

static long uio_move(struct uio *uio, void *memory, size_t size, bool put) {
    size_t done = 0, front;
    while (done < size && (front = front_size(uio)) > 0) {
        // What a failed copy moved is lost in the count: so learn first how far it would get.
        size_t part = min_size(size - done, front);
        size_t moved = move_nofault(uio, (char *)memory + done, part, put);
        uio_advance(uio, moved);
        done += moved;
        if (moved == part)
            continue;
        part = min_size(part - moved, PAGE_SIZE - uio->base % PAGE_SIZE);
        if (move(uio, (char *)memory + done, part, put) != 0)
            return done > 0 ? (long)done : -EFAULT;
        uio_advance(uio, part);
        done += part;
    }
    return done;
}

long uio_put(struct uio *uio, const void *from, size_t size) {
    return uio_move(uio, (void *)from, size, true);
}

long uio_take(struct uio *uio, void *to, size_t size) {
    return uio_move(uio, to, size, false);
}

long uio_put_zeros(struct uio *uio, size_t size) {
    size_t done = 0;
    size = min_size(size, uio->left);
    while (done < size) {
        size_t part = min_size(size - done, sizeof(zeros));
        long moved = uio_put(uio, zeros, part);
        if (moved < 0)
            return done > 0 ? (long)done : moved;
        done += moved;
        if ((size_t)moved < part)
            break;
    }
    return done;
}

// Moves as much of `size` as the front piece takes. Inlined, so that each direction gets code of its
// own.
static inline __attribute__((always_inline)) size_t
move_front_nofault(struct uio *uio, char *memory, size_t size, bool put) {
    size_t part = min_size(size, front_size(uio));
    size_t moved = part > 0 ? move_nofault(uio, memory, part, put) : 0;
    uio_advance(uio, moved);
    return moved;
}

// The other pieces after the first, whose copy has moved `done` bytes.
static __attribute__((noinline)) size_t move_rest_nofault(struct uio *uio, char *memory,
                                                          size_t size, size_t done, bool put) {
    size_t moved = done;
    // A piece that was not moved to its end met an absent page.
    while (done < size && moved > 0 && uio->front == 0) {
        moved = move_front_nofault(uio, memory + done, size - done, put);
        done += moved;
    }
    return done;
}

size_t uio_put_nofault(struct uio *uio, const void *from, size_t size) {
    size_t done = move_front_nofault(uio, (char *)from, size, true);
    return done == size ? done : move_rest_nofault(uio, (char *)from, size, done, true);
}

size_t uio_take_nofault(struct uio *uio, void *to, size_t size) {
    size_t done = move_front_nofault(uio, to, size, false);
    return done == size ? done : move_rest_nofault(uio, to, size, done, false);
}

int uio_fault_in(struct uio *uio, size_t size, bool for_put) {
    size_t front = front_size(uio);
    if (front == 0 || uio->kernel)
        return 0;
    size = min_size(min_size(size, front), PAGE_SIZE - uio->base % PAGE_SIZE);
    return copy_fault_in(uio->base, size, for_put);
}
