// System calls on the address space.
#include <abi/errno.h>
#include <abi/mman.h>
#include <abi/stat.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <mm/space.h>
#include <proc/proc.h>
#include <syscall/calls.h>
#include <syscall/syscall.h>

#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC)

static struct space *my_space(void) { return thread_current()->space; }

// The heap may have what RLIMIT_DATA allows, and what RLIMIT_AS leaves for it.
long sys_brk(struct trap_frame *call) {
    struct space *space = my_space();
    uint64_t limit = proc_limit(RLIMIT_DATA), all = proc_limit(RLIMIT_AS);
    uint64_t heap = space->brk - space->brk_start;
    uint64_t room = heap + (all > space->size ? all - space->size : 0);
    return space_brk(space, call->a0, limit < room || room < heap ? limit : room);
}

// Is [start, start+size) page-aligned user space? Rounds *size up.
static bool range_valid(uint64_t start, uint64_t *size) {
    if (start % PAGE_SIZE || *size > USER_LIMIT)
        return false;
    *size = page_ceil(*size);
    return start <= USER_LIMIT - *size;
}

static unsigned rights_of(uint64_t protection) {
    return (protection & PROT_READ ? ACCESS_READ : 0) |
           (protection & PROT_WRITE ? ACCESS_WRITE : 0) |
           (protection & PROT_EXEC ? ACCESS_EXEC : 0);
}

// Where the mapping goes: the fixed place, emptied if it must be, or a free one.
static int64_t place(uint64_t hint, uint64_t size, uint64_t flags) {
    if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
        if (hint % PAGE_SIZE || !hint)
            return -EINVAL;
        if (size > USER_LIMIT || hint > USER_LIMIT - size)
            return -ENOMEM;
        if (flags & MAP_FIXED_NOREPLACE)
            return hint;
        int error = space_unmap(my_space(), hint, hint + size);
        return error ? error : (int64_t)hint;
    }
    uint64_t start = space_find(my_space(), page_floor(hint), size);
    return start ? (int64_t)start : -ENOMEM;
}

static long map(uint64_t hint, uint64_t size, uint64_t protection, uint64_t flags,
                struct file *file, uint64_t offset) {
    if (my_space()->size + size > proc_limit(RLIMIT_AS))
        return -ENOMEM;
    int64_t start = place(hint, size, flags);
    if (start < 0)
        return start;
    struct page_object *object = file ? &file->inode->pages : NULL;
    int error = space_map(my_space(), start, start + size, rights_of(protection), object,
                          offset >> PAGE_SHIFT);
    if (!error && flags & MAP_POPULATE)
        (void)!copy_fault_in(start, size, protection & PROT_WRITE);
    return error ? error : start;
}

static int file_mappable(const struct file *file) {
    if (!file_readable(file))
        return -EACCES;
    return file->inode && S_ISREG(file->inode->mode) ? 0 : -ENODEV;
}

// mmap(address, length, protection, flags, fd, offset). Private mappings; what is shared with
// other processes or with the file comes with the next chapter, and until then only a mapping
// that nobody can write counts as both.
long sys_mmap(struct trap_frame *call) {
    uint64_t size = call->a1, protection = call->a2, flags = call->a3, offset = call->a5;
    uint64_t type = flags & MAP_TYPE;
    if (!size || protection & ~(uint64_t)PROT_ALL || offset % PAGE_SIZE)
        return -EINVAL;
    if (size > USER_LIMIT)
        return -ENOMEM;
    if (type != MAP_PRIVATE && type != MAP_SHARED)
        return -EINVAL;
    if (type == MAP_SHARED && (flags & MAP_ANONYMOUS || protection & PROT_WRITE))
        return -ENODEV;
    size = page_ceil(size);
    if (flags & MAP_ANONYMOUS)
        return map(call->a0, size, protection, flags, NULL, 0);
    struct file *file = fd_hold(call->a4);
    if (!file)
        return -EBADF;
    long result = file_mappable(file);
    if (!result && offset + size < offset)
        result = -EOVERFLOW;
    if (!result)
        result = map(call->a0, size, protection, flags, file, offset);
    file_put(file);
    return result;
}

long sys_munmap(struct trap_frame *call) {
    uint64_t start = call->a0, size = call->a1;
    if (!size || !range_valid(start, &size))
        return -EINVAL;
    return space_unmap(my_space(), start, start + size);
}

long sys_mprotect(struct trap_frame *call) {
    uint64_t start = call->a0, size = call->a1, protection = call->a2;
    if (protection & ~(uint64_t)PROT_ALL || start % PAGE_SIZE)
        return -EINVAL;
    if (!range_valid(start, &size))
        return -ENOMEM;
    return size ? space_protect(my_space(), start, start + size, rights_of(protection)) : 0;
}

long sys_mremap(struct trap_frame *call) {
    uint64_t start = call->a0, old = call->a1, size = call->a2, flags = call->a3;
    if (flags & ~(uint64_t)MREMAP_MAYMOVE || !size || !old)
        return -EINVAL;
    if (!range_valid(start, &old))
        return -EINVAL;
    if (size > USER_LIMIT)
        return -ENOMEM;
    size = page_ceil(size);
    if (size > old && my_space()->size + (size - old) > proc_limit(RLIMIT_AS))
        return -ENOMEM;
    return space_remap(my_space(), start, old, size, flags & MREMAP_MAYMOVE);
}

// Advice that changes nothing a program can see is taken and not followed.
long sys_madvise(struct trap_frame *call) {
    uint64_t start = call->a0, size = call->a1;
    if (!range_valid(start, &size))
        return -EINVAL;
    switch ((int)call->a2) {
    case MADV_DONTNEED:
        return size ? space_discard(my_space(), start, start + size) : 0;
    case MADV_NORMAL: case MADV_RANDOM: case MADV_SEQUENTIAL: case MADV_WILLNEED:
        return 0;
    default:
        return -EINVAL;
    }
}
