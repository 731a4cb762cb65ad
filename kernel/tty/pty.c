#include <abi/errno.h>
#include <abi/signal.h>
#include <abi/stat.h>
#include <fs/cred.h>
#include <fs/device.h>
#include <fs/devfs.h>
#include <fs/inode.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <proc/proc.h>
#include <tty/pty.h>

static struct list ptys = LIST_INIT(ptys);              // by number
static struct spinlock ptys_lock = SPINLOCK_INIT("ptys");

// --- the terminal's device: a ring that the master reads

static size_t pty_room(struct tty *tty) {
    return PTY_OUTPUT_SIZE - pty_output_used(pty_of(tty));
}

static size_t pty_write(struct tty *tty, const char *text, size_t size) {
    struct pty *pty = pty_of(tty);
    if (tty->gone)
        return size;            // nobody will read it, and echo must not fill the ring
    size_t room = pty_room(tty), done = size < room ? size : room;
    for (size_t i = 0; i < done; i++)
        pty->output[pty->head++ % PTY_OUTPUT_SIZE] = text[i];
    if (done)
        wake_all(&pty->readable);
    return done;
}

// The master may never read it, so nobody is kept waiting for that (as on Linux).
static bool pty_output_empty(struct tty *tty) {
    (void)tty;
    return true;
}

static void pty_throttle(struct tty *tty, bool on) {
    if (!on)
        wake_all(&pty_of(tty)->room);
}

static void pty_abandoned(struct tty *tty) {
    pty_of(tty)->left = true;
    wake_all(&pty_of(tty)->readable);
    wake_all(&pty_of(tty)->room);
}

static void pty_free(struct tty *tty) {
    struct pty *pty = pty_of(tty);
    spin_lock(&ptys_lock);
    list_remove(&pty->node);
    spin_unlock(&ptys_lock);
    kfree(pty->output);
    kfree(pty);
}

static const struct tty_device_ops pty_ops = {
    .write = pty_write, .room = pty_room, .output_empty = pty_output_empty,
    .throttle = pty_throttle, .abandoned = pty_abandoned, .free = pty_free,
};

// --- all of them

// The number is the pty's until the last reference is gone, so that an inode's is too.
static void list_lowest_free(struct pty *pty) {
    struct pty *other;
    uint32_t number = 0;
    spin_lock(&ptys_lock);
    list_for_each(other, &ptys, node) {
        if (other->number != number)
            break;
        number++;
    }
    pty->number = number;
    pty->tty.number = DEVICE_NUMBER(136, 0) + number;
    pty->listed = true;
    list_push_back(&other->node, &pty->node);   // in front of the first with a greater number
    spin_unlock(&ptys_lock);
}

struct pty *pty_create(void) {
    const struct cred *cred = thread_current()->cred;
    struct pty *pty = kzalloc(sizeof *pty);
    char *output = kmalloc(PTY_OUTPUT_SIZE);
    if (!pty || !output || tty_setup(&pty->tty, &pty_ops)) {
        kfree(output);
        kfree(pty);
        return NULL;
    }
    pty->tty.window = (struct winsize){ 0 };    // the master knows
    pty->output = output;
    pty->locked = true;
    pty->mode = 0620;
    pty->uid = cred->fsuid;
    pty->gid = cred->fsgid;
    pty->made = inode_time_now();
    wait_queue_init(&pty->readable, "pty output");
    wait_queue_init(&pty->room, "pty input");
    list_init(&pty->node);
    list_lowest_free(pty);
    return pty;
}

void pty_master_gone(struct pty *pty) {
    spin_lock(&ptys_lock);
    pty->listed = false;
    spin_unlock(&ptys_lock);
    tty_hang_up(&pty->tty, true);
    spin_lock(&pty->tty.lock);
    uint32_t session = pty->tty.session;
    spin_unlock(&pty->tty.lock);
    if (session) {
        session_leader_signal(session, SIGHUP);
        session_leader_signal(session, SIGCONT);
    }
}

// The first that has a name, from `number` on. The lock is held.
static struct pty *find_from(uint32_t number) {
    struct pty *pty;
    list_for_each(pty, &ptys, node)
        if (pty->number >= number && pty->listed)
            return pty;
    return NULL;
}

struct pty *pty_find(uint32_t number) {
    spin_lock(&ptys_lock);
    struct pty *pty = find_from(number);
    if (pty && pty->number == number)
        tty_hold(&pty->tty);
    else
        pty = NULL;
    spin_unlock(&ptys_lock);
    return pty;
}

bool pty_next(uint32_t *number) {
    spin_lock(&ptys_lock);
    const struct pty *pty = find_from(*number);
    if (pty)
        *number = pty->number;
    spin_unlock(&ptys_lock);
    return pty;
}

// --- the terminal's files

static int slave_open(struct inode *inode, struct file *file) {
    struct pty *pty = inode->private;
    spin_lock(&pty->tty.lock);
    bool locked = pty->locked;
    spin_unlock(&pty->tty.lock);
    return locked ? -EIO : tty_open(&pty->tty, file);
}

const struct file_ops pty_slave_file_ops = {
    .read = tty_read, .write = tty_write, .ioctl = tty_ioctl, .poll = tty_poll,
    .open = slave_open, .release = tty_file_release,
};

void pty_init(void) {
    char_device_register("ptmx", DEVICE_NUMBER(5, 2), 0666, &pty_master_file_ops);
    devfs_add("pts", S_IFDIR | 0755, 0);
    devpts_register();
}
