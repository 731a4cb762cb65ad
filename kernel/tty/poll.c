// poll on a terminal.
#include <fs/file.h>
#include <fs/poll.h>
#include <tty/tty_internal.h>

// In raw mode without VTIME, fewer than VMIN bytes would keep read waiting.
static bool read_would_end(const struct tty *tty) {
    const cc_t *control = tty->termios.c_cc;
    if (tty_canonical(tty) || control[VTIME] || !control[VMIN])
        return tty_readable(tty);
    return input_readable(&tty->input) >= control[VMIN];
}

uint16_t tty_poll(struct file *file, struct poll_item *item) {
    struct tty *tty = file->private;
    poll_join(item, &tty->readers, &tty->writers);
    spin_lock(&tty->lock);
    uint16_t hung_up = tty_hung_up(file) ? POLL_READABLE | POLL_WRITABLE | POLLERR | POLLHUP : 0;
    uint16_t events = (read_would_end(tty) ? POLL_READABLE : 0) |
                      (tty_writable(tty) ? POLL_WRITABLE : 0);
    spin_unlock(&tty->lock);
    return events | hung_up;
}
