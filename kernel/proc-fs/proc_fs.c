// The names of /proc. A process's directory is there as long as the process: nothing of this file
// system is kept in the caches of names and inodes.
#include <abi/dirent.h>
#include <abi/errno.h>
#include <abi/stat.h>
#include <abi/statfs.h>
#include <debug/log.h>
#include <fs/mount.h>
#include <lib/format.h>
#include <lib/string.h>
#include <proc-fs/proc_fs_internal.h>
#include <proc/proc.h>

#define ENTRIES_MAX ((1u << ENTRY_BITS) - FIRST_ENTRY)

struct directory {
    const struct proc_entry *entries[ENTRIES_MAX];
    uint32_t count;
};
static struct directory top, per_process;       // written at boot only

static void add(struct directory *directory, const struct proc_entry *entry) {
    assert(directory->count < ENTRIES_MAX);
    directory->entries[directory->count++] = entry;
}

void proc_fs_add(const struct proc_entry *entry) { add(&top, entry); }
void proc_fs_add_for_process(const struct proc_entry *entry) { add(&per_process, entry); }

static struct directory *directory_of(const struct inode *dir) {
    return number_pid(dir->number) ? &per_process : &top;
}

// The pid that a name says, or 0.
static uint32_t pid_parse(const char *name, size_t length) {
    uint64_t pid = 0;
    for (size_t i = 0; i < length; i++) {
        if (name[i] < '0' || name[i] > '9' || pid > UINT32_MAX / 10 || (i == 0 && name[i] == '0'))
            return 0;
        pid = pid * 10 + (name[i] - '0');
    }
    return pid > UINT32_MAX >> ENTRY_BITS ? 0 : pid;
}

static bool name_is(const char *name, size_t length, const char *wanted) {
    return strlen(wanted) == length && !memcmp(name, wanted, length);
}

// Whoever waited for the inode of a process that has gone meanwhile learns only that it could not be
// read.
static int entry_get(struct inode *dir, uint64_t number, struct inode **out) {
    int error = inode_get(dir->super, number, out);
    return error == -EIO ? -ENOENT : error;
}

static int lookup(struct inode *dir, const char *name, size_t length, struct inode **out) {
    uint32_t pid = number_pid(dir->number);
    if (!pid && name_is(name, length, "self"))
        return entry_get(dir, number_make(0, SELF), out);
    const struct directory *directory = directory_of(dir);
    for (uint32_t i = 0; i < directory->count; i++)
        if (name_is(name, length, directory->entries[i]->name))
            return entry_get(dir, number_make(pid, FIRST_ENTRY + i), out);
    uint32_t named = pid ? 0 : pid_parse(name, length);
    if (named && proc_exists(named))
        return entry_get(dir, number_make(named, DIRECTORY), out);
    return -ENOENT;
}

// Offsets: 0 and 1 are the dots, then the entries, then in the root the link and the processes.
static int readdir(struct inode *dir, uint64_t *offset, struct dir_sink *sink) {
    const struct directory *directory = directory_of(dir);
    uint32_t pid = number_pid(dir->number), count = directory->count;
    uint64_t root = number_make(0, DIRECTORY);
    if (*offset == 0 && sink->emit(sink, ".", 1, dir->number, 1, DT_DIR))
        *offset = 1;
    if (*offset == 1 && sink->emit(sink, "..", 2, root, 2, DT_DIR))
        *offset = 2;
    while (*offset >= 2 && *offset < 2 + count) {
        uint32_t i = *offset - 2;
        const char *name = directory->entries[i]->name;
        if (!sink->emit(sink, name, strlen(name), number_make(pid, FIRST_ENTRY + i), *offset + 1,
                        DT_REG))
            return 0;
        ++*offset;
    }
    if (pid)
        return 0;
    if (*offset == 2 + count &&
        sink->emit(sink, "self", 4, number_make(0, SELF), 3 + count, DT_LNK))
        ++*offset;
    uint32_t next;
    while (*offset >= 3 + count && (next = proc_exists_from(*offset - 3 - count))) {
        char name[12];
        int length = snprintf(name, sizeof name, "%u", next);
        uint64_t after = (uint64_t)next + 1 + 3 + count;
        if (!sink->emit(sink, name, length, number_make(next, DIRECTORY), after, DT_DIR))
            break;
        *offset = after;
    }
    return 0;
}

static long self_readlink(struct inode *inode, char *buffer, size_t size) {
    (void)inode;
    int length = snprintf(buffer, size, "%u", proc_current() ? proc_current()->pid : 0);
    return (size_t)length < size ? length : -ENAMETOOLONG;
}

static const struct inode_ops directory_ops = { .lookup = lookup, .readdir = readdir };
static const struct inode_ops self_ops = { .readlink = self_readlink };
static const struct inode_ops entry_ops;

static int inode_read(struct inode *inode) {
    uint32_t which = number_which(inode->number), pid = number_pid(inode->number);
    inode->links = 1;
    inode->atime = inode->mtime = inode->ctime = inode_time_now();
    if (pid && !proc_owner(pid, &inode->uid, &inode->gid))
        return -ENOENT;
    if (which == DIRECTORY) {
        inode->mode = S_IFDIR | 0555;
        inode->links = 2;
        inode->ops = &directory_ops;
    } else if (which == SELF) {
        inode->mode = S_IFLNK | 0777;
        inode->ops = &self_ops;
    } else {
        const struct directory *directory = directory_of(inode);
        const struct proc_entry *entry = directory->entries[which - FIRST_ENTRY];
        inode->mode = S_IFREG | entry->mode;
        inode->ops = &entry_ops;
        inode->file_ops = &proc_file_ops;
        inode->private = (void *)entry;
    }
    return 0;
}

static int statfs(struct super *super, struct statfs *out) {
    *out = (struct statfs){ .f_type = 0x9fa0, .f_bsize = super->block_size,
                            .f_frsize = super->block_size, .f_namelen = 255 };
    return 0;
}

static void unmount(struct super *super) { (void)super; }

static const struct super_ops super_ops = { .inode_read = inode_read, .statfs = statfs,
                                            .unmount = unmount };

static int mount(struct super *super, const char *options) {
    (void)options;
    super->ops = &super_ops;
    super->block_size = PAGE_SIZE;
    super->uncached = true;
    return inode_get(super, number_make(0, DIRECTORY), &super->root);
}

void proc_fs_register(void) {
    static struct file_system proc = { .name = "proc", .mount = mount };
    file_system_register(&proc);
}

void proc_fs_mount(void) {
    int error = mount_add("proc", "/proc", "proc", 0, NULL);
    if (error && error != -ENOENT)
        log_error("/proc: it cannot be mounted: error %d", -error);
}
