// devpts: /dev/pts, where each pseudo-terminal has a name as long as its master is open. Nothing of
// this file system is kept in the caches of names and inodes.
#include <abi/dirent.h>
#include <abi/errno.h>
#include <abi/stat.h>
#include <abi/statfs.h>
#include <fs/device.h>
#include <fs/inode.h>
#include <lib/format.h>
#include <tty/pty.h>

enum { ROOT_NUMBER = 1, FIRST_NUMBER = 3 };     // of inodes

// The number that a name says, or -1.
static int64_t number_parse(const char *name, size_t length) {
    uint64_t number = 0;
    for (size_t i = 0; i < length; i++) {
        if (name[i] < '0' || name[i] > '9' || number > UINT32_MAX / 10 ||
            (name[0] == '0' && length > 1))
            return -1;
        number = number * 10 + (name[i] - '0');
    }
    return number <= UINT32_MAX ? (int64_t)number : -1;
}

static int lookup(struct inode *dir, const char *name, size_t length, struct inode **out) {
    int64_t number = number_parse(name, length);
    int error = number < 0 ? -ENOENT : inode_get(dir->super, FIRST_NUMBER + number, out);
    return error == -EIO ? -ENOENT : error;
}

// Offsets: 0 and 1 are the dots, then 2 and the number.
static int readdir(struct inode *dir, uint64_t *offset, struct dir_sink *sink) {
    if (*offset == 0 && sink->emit(sink, ".", 1, dir->number, 1, DT_DIR))
        *offset = 1;
    if (*offset == 1 && sink->emit(sink, "..", 2, dir->number, 2, DT_DIR))
        *offset = 2;
    while (*offset >= 2) {
        uint32_t number = *offset - 2;
        char name[12];
        if (!pty_next(&number))
            break;
        int length = snprintf(name, sizeof name, "%u", number);
        if (!sink->emit(sink, name, length, FIRST_NUMBER + number, 3ul + number, DT_CHR))
            break;
        *offset = 3ul + number;
    }
    return 0;
}

static const struct inode_ops directory_ops = { .lookup = lookup, .readdir = readdir };
static const struct inode_ops node_ops;

static int inode_read(struct inode *inode) {
    if (inode->number == ROOT_NUMBER) {
        inode->mode = S_IFDIR | 0755;
        inode->links = 2;
        inode->ops = &directory_ops;
        inode->atime = inode->mtime = inode->ctime = inode_time_now();
        return 0;
    }
    struct pty *pty = pty_find(inode->number - FIRST_NUMBER);
    if (!pty)
        return -ENOENT;
    inode->private = pty;
    inode->mode = S_IFCHR | pty->mode;
    inode->uid = pty->uid;
    inode->gid = pty->gid;
    inode->links = 1;
    inode->device = DEVICE_NUMBER(136, 0) + pty->number;
    inode->atime = inode->mtime = inode->ctime = pty->made;
    inode->ops = &node_ops;
    inode->file_ops = &pty_slave_file_ops;
    return 0;
}

// What chmod and chown did outlives the inode.
static void inode_forget(struct inode *inode) {
    struct pty *pty = inode->private;
    if (!pty)
        return;
    pty->mode = inode->mode & 07777;
    pty->uid = inode->uid;
    pty->gid = inode->gid;
    tty_put(&pty->tty);
}

static int statfs(struct super *super, struct statfs *out) {
    *out = (struct statfs){ .f_type = 0x1cd1, .f_bsize = super->block_size,
                            .f_frsize = super->block_size, .f_namelen = 255 };
    return 0;
}

static void unmount(struct super *super) { (void)super; }

static const struct super_ops super_ops = { .inode_read = inode_read, .inode_forget = inode_forget,
                                            .statfs = statfs, .unmount = unmount };

static int mount(struct super *super, const char *options) {
    (void)options;
    super->ops = &super_ops;
    super->block_size = PAGE_SIZE;
    super->uncached = true;
    return inode_get(super, ROOT_NUMBER, &super->root);
}

void devpts_register(void) {
    static struct file_system devpts = { .name = "devpts", .mount = mount };
    file_system_register(&devpts);
}
