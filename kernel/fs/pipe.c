// Pipes: reading and writing.
//
// The ring is copied from and to under the pipe's spinlock with the copies that never fault; a
// page of the caller's that is absent is faulted in without the lock, and the copy goes on.
// Wake-ups go to one thread at a time: whoever got its share and leaves some wakes the next, so
// that none is lost and none is for nothing.
#include <abi/errno.h>
#include <abi/ioctl.h>
#include <abi/limits.h>
#include <fs/pipe.h>
#include <fs/poll.h>
#include <mm/copy_short.h>

static size_t min_size(size_t a, size_t b) { return a < b ? a : b; }

static size_t used(const struct pipe *pipe) { return pipe->head - pipe->tail; }

static size_t room(const struct pipe *pipe) { return PIPE_SIZE - used(pipe); }

// Lets the next one have what there is.
static inline void wake_next(struct pipe *pipe) {
    if (!list_empty(&pipe->readable.waiters) && used(pipe) > 0)
        wake_front(&pipe->readable);
    if (!list_empty(&pipe->writable.waiters) && room(pipe) >= PIPE_BUF)
        wake_front(&pipe->writable);
}

static __attribute__((noinline)) long finish_waking(struct pipe *pipe, long result) {
    wake_next(pipe);
    spin_unlock_inline(&pipe->lock);
    return result;
}

// The end of a read or a write that returns `result`.
static inline long finish(struct pipe *pipe, long result) {
    if (!list_empty(&pipe->readable.waiters) || !list_empty(&pipe->writable.waiters))
        return finish_waking(pipe, result);
    spin_unlock_inline(&pipe->lock);
    return result;
}

static inline char **page_at(struct pipe *pipe, uint64_t byte) {
    return &pipe->pages[byte / PAGE_SIZE % PIPE_PAGES];
}

static void page_free(struct pipe *pipe, uint64_t byte) {
    char **page = page_at(pipe, byte);
    if (*page)
        frame_put(frame_of_virt(*page));
    *page = NULL;
}

// A few bytes that are there, in one page and not its last: how many. 0, and nothing has happened: something
// is in the way.
static inline __attribute__((always_inline)) size_t read_at_once(struct pipe *pipe, struct uio *uio) {
    uint64_t head = pipe->head, tail = pipe->tail;
    size_t size = uio->left, offset = tail % PAGE_SIZE;
    if (head - tail < size || offset + size >= PAGE_SIZE ||
        !uio_move_short(uio, *page_at(pipe, tail) + offset, size, true))
        return 0;
    pipe->tail = tail += size;
    if (tail == head)
        pipe->head = pipe->tail = tail - offset - size;
    return size;
}

// Copies out of the page at the tail: how much was copied. An empty pipe keeps its page and begins it
// afresh: short messages never cross one. When the ring is almost full, its head has come round to the
// first part of the page that the tail leaves: then that stays as well.
static inline size_t read_some(struct pipe *pipe, struct uio *uio) {
    size_t offset = pipe->tail % PAGE_SIZE;
    size_t part = min_size(min_size(used(pipe), PAGE_SIZE - offset), uio->left);
    size_t done = uio_put_nofault(uio, *page_at(pipe, pipe->tail) + offset, part);
    pipe->tail += done;
    if (pipe->tail == pipe->head)
        pipe->head = pipe->tail -= offset + done;
    else if (pipe->tail % PAGE_SIZE == 0 && pipe->head <= pipe->tail - PAGE_SIZE + PIPE_SIZE)
        page_free(pipe, pipe->tail - 1);
    return done;
}

// Waits until there are bytes, with the lock held: 0; 1 at the end (no writers); or -errno.
static inline int wait_readable(struct pipe *pipe, const struct file *file) {
    if (file->flags & O_NONBLOCK)
        return pipe->writers > 0 ? -EAGAIN : 1;
    int error = wait_event_interruptible(&pipe->readable, used(pipe) > 0 || pipe->writers == 0,
                                         &pipe->lock);
    return error ? error : used(pipe) == 0;
}

// Lets interrupts, and other harts, have a moment between two pages of a long transfer.
static void breathe(struct pipe *pipe) {
    spin_unlock(&pipe->lock);
    spin_lock(&pipe->lock);
}

static int read_prepare(struct pipe *pipe, struct uio *uio) {
    spin_unlock(&pipe->lock);
    int error = uio_fault_in(uio, PAGE_SIZE, true);
    spin_lock(&pipe->lock);
    return error;
}

// What the first page did not give, as far as there is more: 0 or -errno.
static __attribute__((noinline)) int read_rest(struct pipe *pipe, struct uio *uio) {
    int error = 0;
    while (uio->left > 0 && used(pipe) > 0 && !error) {
        breathe(pipe);
        if (used(pipe) > 0 && read_some(pipe, uio) == 0)
            error = read_prepare(pipe, uio);
    }
    return error;
}

// Any read. The lock is held if `locked`.
static __attribute__((noinline)) long read_any(struct file *file, struct uio *uio, bool locked) {
    struct pipe *pipe = file->private;
    size_t total = uio->left;
    if (!locked)
        spin_lock(&pipe->lock);
    int stop = used(pipe) > 0 || total == 0 ? 0 : wait_readable(pipe, file);
    if (!stop && !read_at_once(pipe, uio)) {
        read_some(pipe, uio);
        if (uio->left > 0)
            stop = read_rest(pipe, uio);
    }
    total -= uio->left;
    return finish(pipe, total > 0 || stop >= 0 ? (long)total : stop);
}

static long pipe_read(struct file *file, struct uio *uio, uint64_t *position) {
    struct pipe *pipe = file->private;
    (void)position;
    if (!spin_trylock_inline(&pipe->lock))
        return read_any(file, uio, false);
    size_t done = read_at_once(pipe, uio);
    return done ? finish(pipe, done) : read_any(file, uio, true);
}

// A page for the bytes from `head` on: false if that would sleep.
static __attribute__((noinline)) bool page_provide(struct pipe *pipe) {
    struct frame *frame = frame_alloc(FRAME_PIPE, FRAME_NOWAIT);
    if (frame)
        *page_at(pipe, pipe->head) = frame_virt(frame);
    return frame;
}

// Copies into the page at the head: how much, or -ENOMEM.
static inline long write_some(struct pipe *pipe, struct uio *uio) {
    size_t offset = pipe->head % PAGE_SIZE;
    size_t part = min_size(min_size(room(pipe), PAGE_SIZE - offset), uio->left);
    if (!*page_at(pipe, pipe->head) && !page_provide(pipe))
        return -ENOMEM;
    size_t done = uio_take_nofault(uio, *page_at(pipe, pipe->head) + offset, part);
    pipe->head += done;
    return done;
}

// Puts a frame where one is missing, for bytes that may cross to another page: false if none is.
static bool page_accept(struct pipe *pipe, struct frame *frame) {
    char **page = page_at(pipe, pipe->head);
    if (*page)
        page = page_at(pipe, pipe->head + PAGE_SIZE);
    if (*page)
        return false;
    *page = frame_virt(frame);
    return true;
}

// What a short write_some needs, done without the lock: 0 or -errno.
static __attribute__((noinline)) int write_prepare(struct pipe *pipe, struct uio *uio, long done) {
    struct frame *frame = NULL;
    int error = 0;
    spin_unlock(&pipe->lock);
    if (done == -ENOMEM) {
        frame = frame_alloc(FRAME_PIPE, 0);
        error = frame ? 0 : -ENOMEM;
    } else {
        error = uio_fault_in(uio, PAGE_SIZE, false);
    }
    spin_lock(&pipe->lock);
    if (frame && !page_accept(pipe, frame))
        frame_put(frame);               // somebody else was faster
    return error;
}

static __attribute__((noinline)) int wait_for_room(struct pipe *pipe, const struct file *file,
                                                   size_t needed) {
    if (pipe->readers > 0 && (file->flags & O_NONBLOCK))
        return -EAGAIN;
    int error = wait_event_interruptible(&pipe->writable,
                                         room(pipe) >= needed || pipe->readers == 0, &pipe->lock);
    return error ? error : pipe->readers > 0 ? 0 : -EPIPE;
}

// Waits for room for `needed` bytes, with the lock held: 0 or -errno.
static inline int wait_writable(struct pipe *pipe, const struct file *file, size_t needed) {
    return pipe->readers > 0 && room(pipe) >= needed ? 0 : wait_for_room(pipe, file, needed);
}

static int write_atomic(struct pipe *pipe, const struct file *file, struct uio *uio);

// The same by way of a page of the kernel's, if there is one, which is filled without the lock: the caller's
// pages need not all be present at one time, which for a process that may have few (RLIMIT_RSS) might never be.
static __attribute__((noinline)) int write_collected(struct pipe *pipe, const struct file *file,
                                                     struct uio *uio) {
    struct uio before = *uio;
    spin_unlock(&pipe->lock);
    struct frame *frame = frame_alloc(FRAME_PIPE, 0);
    long taken = frame ? uio_take(uio, frame_virt(frame), before.left) : -ENOMEM;
    spin_lock(&pipe->lock);
    int error = taken < 0 ? (int)taken : (size_t)taken < before.left ? -EFAULT : 0;
    if (!error) {
        struct uio collected = uio_kernel(frame_virt(frame), before.left);
        error = write_atomic(pipe, file, &collected);
    }
    if (error)
        *uio = before;
    if (frame)
        frame_put(frame);
    return error;
}

// Up to PIPE_BUF bytes at once or not at all, as POSIX wants: what an absent page interrupts is
// taken back, before anybody saw it, and tried again.
static __attribute__((noinline)) int write_atomic(struct pipe *pipe, const struct file *file,
                                                  struct uio *uio) {
    for (unsigned tries = 1;; tries++) {
        int error = wait_writable(pipe, file, uio->left);
        if (error)
            return error;
        struct uio before = *uio;
        uint64_t head = pipe->head;
        long done = write_some(pipe, uio);
        if (uio->left > 0 && done > 0)
            done = write_some(pipe, uio);       // it crosses to another page
        if (uio->left == 0)
            return 0;
        pipe->head = head;
        if (done >= 0 && tries > 4) {
            *uio = before;
            return write_collected(pipe, file, uio);
        }
        error = write_prepare(pipe, uio, done);
        *uio = before;
        if (error)
            return error;
    }
}

static __attribute__((noinline)) int write_long(struct pipe *pipe, const struct file *file,
                                                struct uio *uio) {
    int error = 0;
    while (uio->left > 0 && !error) {
        error = wait_writable(pipe, file, 1);
        if (error)
            break;
        // In step with the writer's pages: then each is copied in one piece.
        if (used(pipe) == 0)
            pipe->head = pipe->tail += uio->base % PAGE_SIZE - pipe->tail % PAGE_SIZE;
        long done = write_some(pipe, uio);
        if (done <= 0)
            error = write_prepare(pipe, uio, done);
        wake_next(pipe);
        breathe(pipe);
    }
    return error;
}

// A few bytes for which there is room, in one page: how many. 0, and nothing has happened: something is in
// the way.
static inline size_t write_at_once(struct pipe *pipe, struct uio *uio) {
    uint64_t head = pipe->head;
    size_t size = uio->left, offset = head % PAGE_SIZE;
    char *page = *page_at(pipe, head);
    if (!pipe->readers || room(pipe) < size || offset + size > PAGE_SIZE || !page ||
        !uio_move_short(uio, page + offset, size, false))
        return 0;
    pipe->head = head + size;
    return size;
}

// Any write. The lock is held if `locked`.
static __attribute__((noinline)) long write_any(struct file *file, struct uio *uio, bool locked) {
    struct pipe *pipe = file->private;
    size_t total = uio->left;
    int error = 0;
    if (!locked)
        spin_lock(&pipe->lock);
    if (total > 0)
        error = total <= PIPE_BUF ? write_atomic(pipe, file, uio) : write_long(pipe, file, uio);
    total -= uio->left;
    return finish(pipe, error && (total == 0 || error == -EPIPE) ? error : (long)total);
}

static long pipe_write(struct file *file, struct uio *uio, uint64_t *position) {
    struct pipe *pipe = file->private;
    (void)position;
    if (!spin_trylock_inline(&pipe->lock))
        return write_any(file, uio, false);
    size_t done = write_at_once(pipe, uio);
    return done ? finish(pipe, done) : write_any(file, uio, true);
}

// A reader sees POLLHUP only when a writer has been there since it came: file->position is how many
// had been before it.
static uint16_t pipe_poll(struct file *file, struct poll_item *item) {
    struct pipe *pipe = file->private;
    bool reads = file_readable(file), writes = file_writable(file);
    uint16_t events = 0;
    poll_join(item, reads ? &pipe->readable : NULL, writes ? &pipe->writable : NULL);
    spin_lock(&pipe->lock);
    if (reads && used(pipe) > 0)
        events |= POLL_READABLE;
    if (reads && pipe->writers == 0 && pipe->writers_ever != (uint32_t)file->position)
        events |= POLLHUP;
    if (writes && room(pipe) >= PIPE_BUF)
        events |= POLL_WRITABLE;
    if (writes && pipe->readers == 0)
        events |= POLLERR;
    spin_unlock(&pipe->lock);
    return events;
}

static long pipe_ioctl(struct file *file, uint32_t command, uint64_t argument) {
    struct pipe *pipe = file->private;
    if (command != FIONREAD)
        return -ENOTTY;
    spin_lock(&pipe->lock);
    int bytes = used(pipe);
    spin_unlock(&pipe->lock);
    return copy_out(argument, &bytes, sizeof(bytes));
}

const struct file_ops pipe_file_ops = {
    .read = pipe_read, .write = pipe_write, .ioctl = pipe_ioctl, .poll = pipe_poll,
    .release = pipe_release,
};

// The same, but with the life that fifo.c gives the pipe of an inode.
const struct file_ops fifo_file_ops = {
    .read = pipe_read, .write = pipe_write, .ioctl = pipe_ioctl, .poll = pipe_poll,
    .open = fifo_open, .release = fifo_release,
};
