// A terminal's life: references, open files, hanging up.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <fs/file.h>
#include <tty/tty_internal.h>

static const struct termios termios_usual = {
    .c_iflag = ICRNL | IXON | IMAXBEL | IUTF8,
    .c_oflag = OPOST | ONLCR,
    .c_cflag = B115200 | CS8 | CREAD | CLOCAL,
    .c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
    .c_cc = {
        [VINTR] = 'C' & 0x1f, [VQUIT] = '\\' & 0x1f, [VERASE] = 0x7f, [VKILL] = 'U' & 0x1f,
        [VEOF] = 'D' & 0x1f, [VMIN] = 1, [VSTART] = 'Q' & 0x1f, [VSTOP] = 'S' & 0x1f,
        [VSUSP] = 'Z' & 0x1f, [VREPRINT] = 'R' & 0x1f, [VWERASE] = 'W' & 0x1f,
        [VLNEXT] = 'V' & 0x1f,
    },
};

int tty_setup(struct tty *tty, const struct tty_device_ops *ops) {
    *tty = (struct tty){
        .ops = ops, .refs = 1, .termios = termios_usual, .window = { .ws_row = 24, .ws_col = 80 },
    };
    spin_init(&tty->lock, "tty");
    wait_queue_init(&tty->readers, "terminal input");
    wait_queue_init(&tty->writers, "terminal output");
    wait_queue_init(&tty->turn, "terminal");
    return input_init(&tty->input);
}

void tty_hold(struct tty *tty) { __atomic_fetch_add(&tty->refs, 1, __ATOMIC_RELAXED); }

void tty_put(struct tty *tty) {
    if (__atomic_sub_fetch(&tty->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    assert(tty->ops->free);
    input_free(&tty->input);
    tty->ops->free(tty);
}

int tty_file_open(struct tty *tty, struct file *file, bool lasting) {
    spin_lock(&tty->lock);
    int error = tty->gone ? -EIO : 0;
    file->private = tty;
    file->position = lasting ? TTY_LASTING : tty->hang_ups;
    if (!error && !lasting)
        tty->files++;
    spin_unlock(&tty->lock);
    if (!error)
        tty_hold(tty);
    return error;
}

// A session leader without a terminal gets the first one that it opens by its own name.
int tty_open(struct tty *tty, struct file *file) {
    int error = tty_file_open(tty, file, false);
    if (error || file->flags & O_NOCTTY)
        return error;
    // Not getting it is no error: the terminal, or the caller, may have another.
    error = tty_session_take(tty, false);
    return 0;
}

static void abandoned(struct tty *tty) {
    if (tty->ops->abandoned)
        tty->ops->abandoned(tty);
}

void tty_file_release(struct file *file) {
    struct tty *tty = file->private;
    spin_lock(&tty->lock);
    if (file->position == tty->hang_ups && --tty->files == 0)
        abandoned(tty);
    spin_unlock(&tty->lock);
    tty_put(tty);
}

void tty_hang_up(struct tty *tty, bool gone) {
    spin_lock(&tty->lock);
    tty->hang_ups++;
    tty->files = 0;
    tty->gone = tty->gone || gone;
    if (gone)
        tty_input_flush(tty);
    output_stop(tty, false);    // wakes the writers
    wake_all(&tty->readers);
    abandoned(tty);
    spin_unlock(&tty->lock);
}
