// From write and echo to the device, by way of output processing.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/signal.h>
#include <fs/file.h>
#include <mm/copy.h>
#include <tty/tty_internal.h>

// Keeps track of the cursor; erasing a tab needs it.
static void column_advance(struct tty *tty, char c) {
    if (c == '\r')
        tty->column = 0;
    else if (c == '\b')
        tty->column -= tty->column > 0;
    else if (c == '\t')
        tty->column = (tty->column | 7) + 1;
    else if ((unsigned char)c >= ' ' && c != 0x7f &&
             !((tty->termios.c_iflag & IUTF8) && (c & 0xc0) == 0x80))
        tty->column++;
}

// Sends one \n as \r\n. Should the device take half of it, the \r will be sent again.
static bool newline_put(struct tty *tty) {
    if (tty->ops->room(tty) < 2 || tty->ops->write(tty, "\r\n", 2) < 2)
        return false;
    tty->column = 0;
    return true;
}

size_t output_put(struct tty *tty, const char *text, size_t size) {
    tcflag_t flags = tty->termios.c_oflag;
    bool newlines = (flags & OPOST) && (flags & ONLCR);
    size_t done = 0;
    while (done < size) {
        if (newlines && text[done] == '\n') {
            if (!newline_put(tty))
                return done;
            done++;
            continue;
        }
        size_t run = 1;
        while (done + run < size && !(newlines && text[done + run] == '\n'))
            run++;
        size_t taken = tty->ops->write(tty, text + done, run);
        for (size_t i = 0; i < taken; i++)
            column_advance(tty, text[done + i]);
        done += taken;
        if (taken < run)
            return done;
    }
    return done;
}

void output_echo(struct tty *tty, const char *text, size_t size) {
    (void)output_put(tty, text, size);
}

// How much a writer may put out now. Locked.
static size_t writer_room(struct tty *tty) {
    size_t room = tty->ops->room(tty);
    return tty->stopped || room <= ECHO_RESERVE ? 0 : room - ECHO_RESERVE;
}

bool tty_writable(struct tty *tty) { return !tty->writing && writer_room(tty) > 0; }

// Puts all of `text` out, sleeping for room: how much went; *error says why not all did.
static size_t chunk_write(const struct file *file, const char *text, size_t size, int *error) {
    struct tty *tty = file->private;
    size_t done = 0;
    spin_lock(&tty->lock);
    while (done < size) {
        size_t room = writer_room(tty);
        if (!room && file->flags & O_NONBLOCK)
            *error = -EAGAIN;
        else if (!room)
            *error = wait_event_interruptible(
                &tty->writers, (room = writer_room(tty)) > 0 || tty_hung_up(file), &tty->lock);
        if (tty_hung_up(file))
            *error = -EIO;
        if (*error)
            break;
        size_t left = size - done;
        done += output_put(tty, text + done, left < room ? left : room);
    }
    spin_unlock(&tty->lock);
    return done;
}

// One write at a time, so that two programs' lines do not mix: 0, -EINTR, -EAGAIN.
static int turn_take(struct tty *tty, bool may_wait) {
    int error = 0;
    spin_lock(&tty->lock);
    if (may_wait)
        error = wait_event_interruptible(&tty->turn, !tty->writing, &tty->lock);
    else if (tty->writing)
        error = -EAGAIN;
    if (!error)
        tty->writing = true;
    spin_unlock(&tty->lock);
    return error;
}

static void turn_give(struct tty *tty) {
    spin_lock(&tty->lock);
    tty->writing = false;
    wake_one(&tty->turn);
    wake_all(&tty->writers);    // poll waits there
    spin_unlock(&tty->lock);
}

long tty_write(struct file *file, struct uio *uio, uint64_t *position) {
    struct tty *tty = file->private;
    bool may_wait = !(file->flags & O_NONBLOCK);
    char chunk[256];            // law 3: the copy may fault, so no lock is held over it
    long total = 0;
    (void)position;
    if (tty_hung_up(file))
        return -EIO;
    int error = tty->termios.c_lflag & TOSTOP ? tty_background_check(tty, SIGTTOU) : 0;
    if (!error)
        error = turn_take(tty, may_wait);
    if (error)
        return error;
    while (!error && uio->left) {
        long size = uio_take(uio, chunk, uio->left < sizeof chunk ? uio->left : sizeof chunk);
        if (size < 0)
            error = (int)size;
        else
            total += (long)chunk_write(file, chunk, (size_t)size, &error);
    }
    turn_give(tty);
    return total ? total : error;
}

int output_drain(struct tty *tty) {
    spin_lock(&tty->lock);
    int error = wait_event_interruptible(&tty->writers, tty->ops->output_empty(tty), &tty->lock);
    spin_unlock(&tty->lock);
    return error;
}

void output_stop(struct tty *tty, bool stop) {
    tty->stopped = stop;
    if (!stop)
        wake_all(&tty->writers);
}

void tty_drained(struct tty *tty) {
    spin_lock(&tty->lock);
    wake_all(&tty->writers);
    spin_unlock(&tty->lock);
}
