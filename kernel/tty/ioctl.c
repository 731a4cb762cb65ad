// The terminal's ioctls, numbers and structures as Linux has them.
#include <abi/errno.h>
#include <abi/signal.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <lib/string.h>
#include <mm/copy.h>
#include <proc/proc.h>
#include <tty/tty_internal.h>

static long termios_get(struct tty *tty, uint64_t user) {
    spin_lock(&tty->lock);
    struct termios termios = tty->termios;
    spin_unlock(&tty->lock);
    return copy_out(user, &termios, sizeof termios);
}

static long termios_set(struct tty *tty, uint32_t command, uint64_t user) {
    struct termios termios;
    int error = copy_in(&termios, user, sizeof termios);
    if (!error)
        error = tty_background_check(tty, SIGTTOU);
    if (!error && command != TCSETS)
        error = output_drain(tty);
    if (error)
        return error;
    spin_lock(&tty->lock);
    bool mode_changes = (tty->termios.c_lflag ^ termios.c_lflag) & ICANON;
    if (command == TCSETSF)
        input_clear(&tty->input);
    tty->termios = termios;
    tty->literal = false;
    if (mode_changes)
        input_mode_changed(&tty->input, tty_canonical(tty));
    if (!(termios.c_iflag & IXON))
        output_stop(tty, false);
    tty_flow_update(tty);
    wake_all(&tty->readers);    // what they wait for may mean something else now
    spin_unlock(&tty->lock);
    return 0;
}

static long window_get(struct tty *tty, uint64_t user) {
    spin_lock(&tty->lock);
    struct winsize window = tty->window;
    spin_unlock(&tty->lock);
    return copy_out(user, &window, sizeof window);
}

static long window_set(struct tty *tty, uint64_t user) {
    struct winsize window;
    int error = copy_in(&window, user, sizeof window);
    if (error)
        return error;
    spin_lock(&tty->lock);
    bool changed = memcmp(&tty->window, &window, sizeof window);
    tty->window = window;
    spin_unlock(&tty->lock);
    if (changed)
        tty_foreground_signal(tty, SIGWINCH);
    return 0;
}

static long number_out(uint64_t user, int32_t number) {
    return copy_out(user, &number, sizeof number);
}

static long foreground_set(struct tty *tty, uint64_t user) {
    int32_t group;
    int error = copy_in(&group, user, sizeof group);
    return error ? error : tty_foreground_set(tty, group);
}

// The foreground group or the session, which only those who belong to it may ask for.
static long ids_get(struct tty *tty, uint32_t command, uint64_t user) {
    if (!tty_controls_caller(tty))
        return -ENOTTY;
    spin_lock(&tty->lock);
    uint32_t id = command == TIOCGSID ? tty->session : tty->foreground;
    spin_unlock(&tty->lock);
    return number_out(user, (int32_t)id);
}

static long readable_get(struct tty *tty, uint64_t user) {
    spin_lock(&tty->lock);
    size_t size = tty_readable(tty) ? input_readable(&tty->input) : 0;
    spin_unlock(&tty->lock);
    return number_out(user, (int32_t)size);
}

// Output is not flushed: it is in the device's ring, together with the kernel's log.
static long flush(struct tty *tty, uint64_t queue) {
    if (queue > TCIOFLUSH)
        return -EINVAL;
    if (queue != TCOFLUSH) {
        spin_lock(&tty->lock);
        tty_input_flush(tty);
        spin_unlock(&tty->lock);
    }
    return 0;
}

static long flow(struct tty *tty, uint64_t action) {
    if (action > TCION)
        return -EINVAL;
    spin_lock(&tty->lock);
    if (action == TCOOFF || action == TCOON)
        output_stop(tty, action == TCOOFF);
    else
        output_echo(tty, (char *)&tty->termios.c_cc[action == TCIOFF ? VSTOP : VSTART], 1);
    spin_unlock(&tty->lock);
    return 0;
}

long tty_ioctl(struct file *file, uint32_t command, uint64_t argument) {
    struct tty *tty = file->private;
    if (tty_hung_up(file))
        return -EIO;
    switch (command) {
    case TCGETS:
        return termios_get(tty, argument);
    case TCSETS: case TCSETSW: case TCSETSF:
        return termios_set(tty, command, argument);
    case TIOCGWINSZ:
        return window_get(tty, argument);
    case TIOCSWINSZ:
        return window_set(tty, argument);
    case TIOCGPGRP: case TIOCGSID:
        return ids_get(tty, command, argument);
    case TIOCSPGRP:
        return foreground_set(tty, argument);
    case TIOCSCTTY:
        return tty_session_take(tty, argument == 1 && thread_current()->cred->euid == 0);
    case TIOCNOTTY:
        return tty_session_leave(tty);
    case FIONREAD:
        return readable_get(tty, argument);
    case TCFLSH:
        return flush(tty, argument);
    case TCXONC:
        return flow(tty, argument);
    case TCSBRK:                // the wait is what tcdrain wants; a break is never sent
        return output_drain(tty);
    default:
        return -ENOTTY;
    }
}
