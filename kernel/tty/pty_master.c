// The master's side of a pseudo-terminal: what it writes is typed, what it reads is shown.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/resource.h>
#include <fs/file.h>
#include <fs/path.h>
#include <fs/poll.h>
#include <lib/format.h>
#include <mm/copy.h>
#include <proc/proc.h>
#include <tty/pty.h>

// Had somebody the terminal open, and has nobody now? Locked.
static bool is_abandoned(const struct pty *pty) { return pty->left && !pty->tty.files; }

static int master_open(struct inode *inode, struct file *file) {
    (void)inode;
    struct pty *pty = pty_create();
    if (!pty)
        return -ENOMEM;
    int error = tty_file_open(&pty->tty, file, true);
    tty_put(&pty->tty);         // the file's reference is left
    return error;
}

static void master_release(struct file *file) {
    struct tty *tty = file->private;
    pty_master_gone(pty_of(tty));
    tty_put(tty);
}

// Copies what lies together at the tail of the ring. Locked.
static size_t take_some(struct pty *pty, struct uio *uio) {
    uint32_t at = pty->tail % PTY_OUTPUT_SIZE, size = pty_output_used(pty);
    if (size > PTY_OUTPUT_SIZE - at)
        size = PTY_OUTPUT_SIZE - at;
    if (size > uio->left)
        size = (uint32_t)uio->left;
    size_t done = uio_put_nofault(uio, pty->output + at, size);
    pty->tail += (uint32_t)done;
    return done;
}

// Waits for output: 0, -EAGAIN, -EINTR, or -EIO when it is over. Locked.
static int output_wait(struct pty *pty, const struct file *file) {
    if (pty_output_used(pty))
        return 0;
    if (is_abandoned(pty))
        return -EIO;
    if (file->flags & O_NONBLOCK)
        return -EAGAIN;
    int error = wait_event_interruptible(&pty->readable, pty_output_used(pty) || is_abandoned(pty),
                                         &pty->tty.lock);
    return error ? error : pty_output_used(pty) ? 0 : -EIO;
}

static long master_read(struct file *file, struct uio *uio, uint64_t *position) {
    struct pty *pty = pty_of(file->private);
    size_t wanted = uio->left;
    (void)position;
    if (!wanted)
        return 0;
    spin_lock(&pty->tty.lock);
    int error = output_wait(pty, file);
    while (!error && uio->left && pty_output_used(pty)) {
        if (take_some(pty, uio))
            continue;
        spin_unlock(&pty->tty.lock);
        error = uio_fault_in(uio, 1, true);
        spin_lock(&pty->tty.lock);
    }
    if (uio->left < wanted)
        wake_all(&pty->tty.writers);
    spin_unlock(&pty->tty.lock);
    return uio->left < wanted ? (long)(wanted - uio->left) : error;
}

// Waits until the terminal takes input: 0, -EAGAIN, -EINTR.
static int room_wait(struct pty *pty, const struct file *file) {
    struct tty *tty = &pty->tty;
    spin_lock(&tty->lock);
    int error = 0;
    if (tty->throttled)
        error = file->flags & O_NONBLOCK
                    ? -EAGAIN
                    : wait_event_interruptible(&pty->room, !tty->throttled, &tty->lock);
    spin_unlock(&tty->lock);
    return error;
}

static long master_write(struct file *file, struct uio *uio, uint64_t *position) {
    struct pty *pty = pty_of(file->private);
    char chunk[256];            // law 3: the copy may fault, so no lock is held over it
    long total = 0;
    (void)position;
    while (uio->left) {
        long size = uio_take(uio, chunk, uio->left < sizeof chunk ? uio->left : sizeof chunk);
        if (size < 0)
            return total ? total : size;
        for (long i = 0; i < size; i++, total++) {
            int error = room_wait(pty, file);
            if (error)
                return total ? total : error;
            tty_receive(&pty->tty, chunk[i]);
        }
    }
    return total;
}

static uint16_t master_poll(struct file *file, struct poll_item *item) {
    struct pty *pty = pty_of(file->private);
    poll_join(item, &pty->readable, &pty->room);
    spin_lock(&pty->tty.lock);
    uint16_t events = (pty_output_used(pty) ? POLL_READABLE : 0) |
                      (pty->tty.throttled ? 0 : POLL_WRITABLE) | (is_abandoned(pty) ? POLLHUP : 0);
    spin_unlock(&pty->tty.lock);
    return events;
}

static long lock_set(struct pty *pty, uint64_t user) {
    int locked;
    if (copy_in(&locked, user, sizeof locked))
        return -EFAULT;
    spin_lock(&pty->tty.lock);
    pty->locked = locked;
    spin_unlock(&pty->tty.lock);
    return 0;
}

// A number that the master may know without being in the terminal's session.
static long number_get(struct pty *pty, uint32_t command, uint64_t user) {
    const struct tty *tty = &pty->tty;
    spin_lock(&pty->tty.lock);
    uint32_t number = command == TIOCGPTN    ? pty->number
                      : command == TIOCGPTLCK ? pty->locked
                      : command == FIONREAD   ? pty_output_used(pty)
                      : command == TIOCGSID   ? tty->session
                                              : tty->foreground;
    spin_unlock(&pty->tty.lock);
    return copy_out(user, &number, sizeof number);
}

// Opens the terminal, by its name: a descriptor. -EIO while it is locked, -ENXIO if what the caller has
// of that name is another.
static long peer_open(struct pty *pty, uint32_t flags) {
    char name[24];
    struct file *file;
    if (flags & ~(uint32_t)(O_ACCMODE | O_NOCTTY | O_NONBLOCK | O_CLOEXEC))
        return -EINVAL;
    snprintf(name, sizeof name, "/dev/pts/%u", pty->number);
    long result = path_open(AT_FDCWD, name, flags, 0, &file);
    if (result)
        return result;
    result = file->ops == &pty_slave_file_ops && file->private == &pty->tty
                 ? fd_install(file, 0, flags & O_CLOEXEC, proc_limit(RLIMIT_NOFILE))
                 : -ENXIO;
    if (result < 0)
        file_put(file);
    return result;
}

static long master_ioctl(struct file *file, uint32_t command, uint64_t argument) {
    struct pty *pty = pty_of(file->private);
    switch (command) {
    case TIOCGPTPEER:
        return peer_open(pty, argument);
    case TIOCSPTLCK:
        return lock_set(pty, argument);
    case TIOCGPTN: case TIOCGPTLCK: case FIONREAD: case TIOCGSID: case TIOCGPGRP:
        return number_get(pty, command, argument);
    default:
        return tty_ioctl(file, command, argument);
    }
}

const struct file_ops pty_master_file_ops = {
    .read = master_read, .write = master_write, .ioctl = master_ioctl, .poll = master_poll,
    .open = master_open, .release = master_release,
};
