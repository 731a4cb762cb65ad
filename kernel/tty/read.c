// read from a terminal: a line at a time in canonical mode, by VMIN and VTIME in raw mode.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/signal.h>
#include <fs/file.h>
#include <mm/copy.h>
#include <riscv/csr.h>
#include <sched/clock.h>
#include <tty/tty_internal.h>

// Waits for a complete line, or for the mode to change. Locked. 0, -EINTR, -EAGAIN.
static int line_wait(struct tty *tty, const struct file *file) {
    if (file->flags & O_NONBLOCK)
        return tty_readable(tty) ? 0 : -EAGAIN;
    return wait_event_interruptible(&tty->readers, tty_readable(tty) || tty_hung_up(file),
                                    &tty->lock);
}

static uint64_t deadline_in_tenths(unsigned tenths) {
    return time_read() + ns_to_ticks(tenths * (NS_PER_SECOND / 10));
}

// Waits as VMIN and VTIME say (POSIX.1-2017, 11.1.7) for up to `wanted` bytes. Locked.
// 0 (there may be nothing to read), -EINTR, -EAGAIN.
static int raw_wait(struct tty *tty, const struct file *file, size_t wanted) {
    bool may_wait = !(file->flags & O_NONBLOCK);
    size_t min = tty->termios.c_cc[VMIN];
    unsigned tenths = tty->termios.c_cc[VTIME];
    int error = 0;
    if (min == 0) {
        if (tenths && may_wait)
            error = wait_event_deadline(&tty->readers, tty_readable(tty) || tty_hung_up(file),
                                        &tty->lock, WAIT_INTERRUPTIBLE,
                                        deadline_in_tenths(tenths));
        return error == -ETIMEDOUT ? 0 : error;
    }
    if (min > wanted)
        min = wanted;
    // VTIME runs between two bytes, so only once there is one.
    while (!error && !tty_canonical(tty) && !tty_hung_up(file) &&
           input_readable(&tty->input) < min) {
        bool some = tty_readable(tty);
        if (!may_wait)
            return some ? 0 : -EAGAIN;
        error = wait_once(&tty->readers, &tty->lock, WAIT_INTERRUPTIBLE,
                          some && tenths ? deadline_in_tenths(tenths) : DEADLINE_NONE);
    }
    return tty_readable(tty) ? 0 : error;
}

// Hands out what can be read without waiting: in canonical mode the rest of one line. Locked,
// except while a page of the caller's comes in. Bytes, or -EFAULT.
static long take(struct tty *tty, struct uio *uio) {
    long total = 0;
    bool canonical = tty_canonical(tty);
    while (tty_readable(tty) && canonical == tty_canonical(tty)) {
        struct input_span span = input_span(&tty->input, uio->left, canonical);
        size_t moved = uio_put_nofault(uio, span.text, span.size);
        input_consume(&tty->input, moved);
        total += (long)moved;
        if (moved < span.size) {
            spin_unlock(&tty->lock);
            int error = uio_fault_in(uio, span.size - moved, true);
            spin_lock(&tty->lock);
            if (error)
                return total ? total : error;
            continue;
        }
        if (span.ends || input_take_end_of_file(&tty->input) || !uio->left)
            break;
    }
    return total;
}

long tty_read(struct file *file, struct uio *uio, uint64_t *position) {
    struct tty *tty = file->private;
    (void)position;
    if (!uio->left || tty_hung_up(file))
        return 0;
    int error = tty_background_check(tty, SIGTTIN);
    if (error)
        return error;
    spin_lock(&tty->lock);
    error = tty_canonical(tty) ? line_wait(tty, file) : raw_wait(tty, file, uio->left);
    long result = tty_hung_up(file) ? 0 : error ? error : take(tty, uio);
    tty_flow_update(tty);
    spin_unlock(&tty->lock);
    return result;
}
