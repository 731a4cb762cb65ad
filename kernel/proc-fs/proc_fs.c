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
#include <proc/look.h>
#include <proc/proc.h>

#define ENTRIES_MAX ((1u << WHAT_BITS) - FIRST_ENTRY)
#define PID_MAX ((1u << PID_BITS) - 1)

struct directory {
    const struct proc_name *names;  // of what is no entry; ends with NULL
    const struct proc_entry *entries[ENTRIES_MAX];
    uint32_t count;
    uint32_t (*next)(uint32_t pid, uint32_t from);  // the first number from `from` on that is a name
    uint32_t numbered;              // what such a name is
};

static const struct proc_name top_names[] = {
    { "self", SELF, DT_LNK }, { "thread-self", THREAD_SELF, DT_LNK }, { NULL, 0, 0 },
};
static const struct proc_name process_names[] = {
    { "task", TASKS_DIRECTORY, DT_DIR }, { "fd", FILES_DIRECTORY, DT_DIR },
    { "exe", EXE_LINK, DT_LNK }, { "cwd", CWD_LINK, DT_LNK }, { "root", ROOT_LINK, DT_LNK },
    { NULL, 0, 0 },
};
static const struct proc_name no_names[] = { { NULL, 0, 0 } };

static uint32_t next_process(uint32_t pid, uint32_t from) {
    (void)pid;
    return proc_exists_from(from);
}

// The entries are written at boot only.
static struct directory top = { .names = top_names, .next = next_process,
                                .numbered = PROCESS_DIRECTORY };
static struct directory tasks = { .names = no_names, .next = proc_thread_from,
                                  .numbered = TASK_DIRECTORY };
static struct directory per_process = { .names = process_names }, per_task = { .names = no_names };

static void add(struct directory *directory, const struct proc_entry *entry) {
    assert(directory->count < ENTRIES_MAX);
    directory->entries[directory->count++] = entry;
}

void proc_fs_add(const struct proc_entry *entry) { add(&top, entry); }
void proc_fs_add_for_process(const struct proc_entry *entry) { add(&per_process, entry); }
void proc_fs_add_for_thread(const struct proc_entry *entry) { add(&per_task, entry); }

static struct directory *directory_of(uint64_t number) {
    switch (number_what(number)) {
    case TOP_DIRECTORY: return &top;
    case PROCESS_DIRECTORY: return &per_process;
    case TASKS_DIRECTORY: return &tasks;
    case TASK_DIRECTORY: return &per_task;
    default: return number_part(number) ? &per_task : number_pid(number) ? &per_process : &top;
    }
}

bool number_parse(const char *name, size_t length, uint32_t limit, uint32_t *out) {
    uint64_t number = 0;
    for (size_t i = 0; i < length; i++) {
        if (name[i] < '0' || name[i] > '9' || number > limit || (i && name[0] == '0'))
            return false;
        number = number * 10 + (name[i] - '0');
    }
    *out = number;
    return length && number <= limit;
}

static bool name_is(const char *name, size_t length, const char *wanted) {
    return strlen(wanted) == length && !memcmp(name, wanted, length);
}

// Whoever waited for the inode of a process that has gone meanwhile learns only that it could not be
// read.
int number_get(struct inode *dir, uint64_t number, struct inode **out) {
    int error = inode_get(dir->super, number, out);
    return error == -EIO ? -ENOENT : error;
}

static uint64_t number_of_name(const struct directory *directory, const struct inode *dir,
                               uint32_t number) {
    return directory == &top ? number_make(number, 0, PROCESS_DIRECTORY)
                             : number_make(number_pid(dir->number), number, directory->numbered);
}

static int lookup(struct inode *dir, const char *name, size_t length, struct inode **out) {
    const struct directory *directory = directory_of(dir->number);
    uint32_t pid = number_pid(dir->number), part = number_part(dir->number), number;
    for (const struct proc_name *other = directory->names; other->name; other++)
        if (name_is(name, length, other->name))
            return number_get(dir, number_make(pid, part, other->what), out);
    for (uint32_t i = 0; i < directory->count; i++)
        if (name_is(name, length, directory->entries[i]->name))
            return number_get(dir, number_make(pid, part, FIRST_ENTRY + i), out);
    if (directory->next && number_parse(name, length, PID_MAX, &number) && number &&
        directory->next(pid, number) == number)
        return number_get(dir, number_of_name(directory, dir, number), out);
    return -ENOENT;
}

// What ".." is.
static uint64_t parent_number(uint64_t number) {
    switch (number_what(number)) {
    case TASK_DIRECTORY: return number_make(number_pid(number), 0, TASKS_DIRECTORY);
    case TASKS_DIRECTORY: return number_make(number_pid(number), 0, PROCESS_DIRECTORY);
    default: return number_make(0, 0, TOP_DIRECTORY);
    }
}

// Offsets: 0 and 1 are the dots, then the names, the entries, and the numbers.
static int readdir(struct inode *dir, uint64_t *offset, struct dir_sink *sink) {
    const struct directory *directory = directory_of(dir->number);
    uint32_t pid = number_pid(dir->number), part = number_part(dir->number), next;
    uint64_t at = 2;
    if (*offset == 0 && sink->emit(sink, ".", 1, dir->number, 1, DT_DIR))
        *offset = 1;
    if (*offset == 1 && sink->emit(sink, "..", 2, parent_number(dir->number), 2, DT_DIR))
        *offset = 2;
    for (const struct proc_name *name = directory->names; name->name; name++, at++)
        if (*offset == at && sink->emit(sink, name->name, strlen(name->name),
                                        number_make(pid, part, name->what), at + 1, name->type))
            *offset = at + 1;
    for (uint32_t i = 0; i < directory->count; i++, at++) {
        const char *name = directory->entries[i]->name;
        if (*offset == at && sink->emit(sink, name, strlen(name),
                                        number_make(pid, part, FIRST_ENTRY + i), at + 1, DT_REG))
            *offset = at + 1;
    }
    while (directory->next && *offset >= at && (next = directory->next(pid, *offset - at))) {
        char name[12];
        int length = snprintf(name, sizeof name, "%u", next);
        if (!sink->emit(sink, name, length, number_of_name(directory, dir, next), at + next + 1,
                        DT_DIR))
            break;
        *offset = at + next + 1;
    }
    return 0;
}

static long self_readlink(struct inode *inode, char *buffer, size_t size) {
    const struct thread *self = thread_current();
    uint32_t pid = self->proc ? self->proc->pid : 0;
    int length = number_what(inode->number) == SELF
                     ? snprintf(buffer, size, "%u", pid)
                     : snprintf(buffer, size, "%u/task/%u", pid, self->tid);
    return (size_t)length < size ? length : -ENAMETOOLONG;
}

static const struct inode_ops directory_ops = { .lookup = lookup, .readdir = readdir };
static const struct inode_ops self_ops = { .readlink = self_readlink };
static const struct inode_ops entry_ops;

static void entry_read(struct inode *inode) {
    uint32_t index = number_what(inode->number) - FIRST_ENTRY;
    const struct proc_entry *entry = directory_of(inode->number)->entries[index];
    inode->mode = S_IFREG | entry->mode;
    inode->ops = &entry_ops;
    inode->file_ops = &proc_file_ops;
    inode->private = (void *)entry;
}

static int inode_read(struct inode *inode) {
    uint32_t pid = number_pid(inode->number);
    inode->links = 1;
    inode->atime = inode->mtime = inode->ctime = inode_time_now();
    if (pid && !proc_owner(pid, &inode->uid, &inode->gid))
        return -ENOENT;
    switch (number_what(inode->number)) {
    case TOP_DIRECTORY: case PROCESS_DIRECTORY: case TASKS_DIRECTORY: case TASK_DIRECTORY:
        inode->mode = S_IFDIR | 0555;
        inode->links = 2;
        inode->ops = &directory_ops;
        break;
    case FILES_DIRECTORY:
        inode->mode = S_IFDIR | 0500;
        inode->links = 2;
        inode->ops = &files_directory_ops;
        break;
    case SELF: case THREAD_SELF:
        inode->mode = S_IFLNK | 0777;
        inode->ops = &self_ops;
        break;
    case FILE_LINK: case EXE_LINK: case CWD_LINK: case ROOT_LINK:
        inode->mode = S_IFLNK | 0777;
        inode->ops = &place_link_ops;
        break;
    case FILE_PIPE:
        inode->mode = S_IFIFO | 0600;
        inode->ops = &entry_ops;
        inode->file_ops = &pipe_again_ops;
        break;
    default:
        entry_read(inode);
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
    return inode_get(super, number_make(0, 0, TOP_DIRECTORY), &super->root);
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
