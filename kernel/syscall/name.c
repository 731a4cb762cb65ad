// System calls on names: opening, making, removing, renaming; and a process's place among them.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/limits.h>
#include <abi/resource.h>
#include <abi/stat.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/path.h>
#include <mm/heap.h>
#include <proc/proc.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

static bool is_root(void) { return thread_current()->cred->euid == 0; }

static long open_and_install(int dirfd, const char *name, uint32_t flags, uint32_t mode) {
    struct file *file;
    int error = path_open(dirfd, name, flags, mode, &file);
    if (error)
        return error;
    long fd = fd_install(file, 0, flags & O_CLOEXEC, proc_limit(RLIMIT_NOFILE));
    if (fd < 0)
        file_put(file);
    return fd;
}

long sys_openat(struct trap_frame *call) {
    struct name name;
    long result = name_copy_in(call->a1, &name);
    if (result)
        return result;
    result = open_and_install(call->a0, name.text, call->a2, call->a3);
    name_free(&name);
    return result;
}

long sys_mkdirat(struct trap_frame *call) {
    struct name name;
    long result = name_copy_in(call->a1, &name);
    if (result)
        return result;
    result = path_mkdir(call->a0, name.text, call->a2);
    name_free(&name);
    return result;
}

// Which types mknod makes, and for whom.
static int check_node(uint32_t mode) {
    switch (mode & S_IFMT) {
    case 0:
    case S_IFREG:
    case S_IFIFO:
    case S_IFSOCK: return 0;
    case S_IFCHR:
    case S_IFBLK: return is_root() ? 0 : -EPERM;
    case S_IFDIR: return -EPERM;
    default: return -EINVAL;
    }
}

long sys_mknodat(struct trap_frame *call) {
    uint32_t mode = call->a2;
    long result = check_node(mode);
    struct name name;
    if (!result)
        result = name_copy_in(call->a1, &name);
    if (result)
        return result;
    if ((mode & S_IFMT) == 0)
        mode |= S_IFREG;
    result = path_mknod(call->a0, name.text, mode & (S_IFMT | 07777), call->a3);
    name_free(&name);
    return result;
}

long sys_unlinkat(struct trap_frame *call) {
    struct name name;
    if (call->a2 & ~(uint64_t)AT_REMOVEDIR)
        return -EINVAL;
    long result = name_copy_in(call->a1, &name);
    if (result)
        return result;
    result = path_unlink(call->a0, name.text, call->a2 & AT_REMOVEDIR);
    name_free(&name);
    return result;
}

// Two path arguments at once: 0, or -errno and neither.
static int names_copy_in(uint64_t first_user, uint64_t second_user, struct name *first,
                         struct name *second) {
    int error = name_copy_in(first_user, first);
    if (error)
        return error;
    error = name_copy_in(second_user, second);
    if (error)
        name_free(first);
    return error;
}

long sys_linkat(struct trap_frame *call) {
    uint32_t flags = call->a4;
    struct name old, new;
    if (flags & ~(uint32_t)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    if ((flags & AT_EMPTY_PATH) && !is_root())
        return -ENOENT;
    long result = names_copy_in(call->a1, call->a3, &old, &new);
    if (result)
        return result;
    unsigned lookup = (flags & AT_SYMLINK_FOLLOW ? LOOKUP_FOLLOW : 0) |
                      (flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0);
    result = path_link(call->a0, old.text, call->a2, new.text, lookup);
    name_free(&old);
    name_free(&new);
    return result;
}

long sys_symlinkat(struct trap_frame *call) {
    struct name target, name;
    long result = names_copy_in(call->a0, call->a2, &target, &name);
    if (result)
        return result;
    result = path_symlink(target.text, call->a1, name.text);
    name_free(&target);
    name_free(&name);
    return result;
}

long sys_renameat2(struct trap_frame *call) {
    struct name old, new;
    long result = names_copy_in(call->a1, call->a3, &old, &new);
    if (result)
        return result;
    result = path_rename(call->a0, old.text, call->a2, new.text, call->a4);
    name_free(&old);
    name_free(&new);
    return result;
}

// Copies the symlink's target out, cut off at `size`: its length.
static long read_link(struct inode *inode, uint64_t user, size_t size) {
    char *target = kmalloc(PATH_MAX);
    if (!target)
        return -ENOMEM;
    long length = inode->ops->readlink(inode, target, PATH_MAX);
    if (length > (long)size)
        length = size;
    if (length > 0 && copy_out(user, target, length))
        length = -EFAULT;
    kfree(target);
    return length;
}

long sys_readlinkat(struct trap_frame *call) {
    int size = call->a3;
    struct name name;
    struct inode *inode;
    if (size <= 0)
        return -EINVAL;
    long result = name_copy_in(call->a1, &name);
    if (result)
        return result;
    bool empty = !*name.text;
    result = path_lookup_inode(call->a0, name.text, LOOKUP_EMPTY, &inode);
    name_free(&name);
    if (result)
        return result;
    if (S_ISLNK(inode->mode) && inode->ops->readlink)
        result = read_link(inode, call->a2, size);
    else
        result = empty ? -ENOENT : -EINVAL;
    inode_put(inode);
    return result;
}

// chdir and chroot: a directory that the caller may enter.
static long change_place(uint64_t user, bool root) {
    struct name name;
    struct path path;
    long result = name_copy_in(user, &name);
    if (result)
        return result;
    result = path_lookup(AT_FDCWD, name.text, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);
    name_free(&name);
    if (result)
        return result;
    result = permission(path_inode(&path), thread_current()->cred, MAY_EXEC);
    if (!result && root && !is_root())
        result = -EPERM;
    if (result)
        path_put(&path);
    else
        fs_context_set(path, root);
    return result;
}

long sys_chdir(struct trap_frame *call) { return change_place(call->a0, false); }

long sys_chroot(struct trap_frame *call) { return change_place(call->a0, true); }

// The caller's working directory may be changed by a thread that shares it: so it is copied with
// references, the way fork does.
static long name_of_cwd(char *buffer) {
    struct fs_context *copy = fs_context_copy(thread_current()->fs);
    if (!copy)
        return -ENOMEM;
    long length = path_name(&copy->cwd, buffer, PATH_MAX);
    fs_context_put(copy);
    return length;
}

long sys_getcwd(struct trap_frame *call) {
    char *buffer = kmalloc(PATH_MAX);
    if (!buffer)
        return -ENOMEM;
    long length = name_of_cwd(buffer);
    if (length >= 0 && (uint64_t)length + 1 > call->a1)
        length = -ERANGE;
    if (length >= 0)
        length = copy_out(call->a0, buffer, length + 1) ? -EFAULT : length + 1;
    kfree(buffer);
    return length;
}

long sys_umask(struct trap_frame *call) {
    return __atomic_exchange_n(&thread_current()->fs->umask, call->a0 & 0777, __ATOMIC_RELAXED);
}
