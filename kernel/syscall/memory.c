// System calls on the address space.
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <abi/mman.h>
#include <abi/stat.h>
#include <block/block.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/path.h>
#include <fs/shared_memory.h>
#include <mm/space.h>
#include <mm/swap.h>
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

// One mapping to be: what mmap was asked for.
struct request {
    uint64_t hint, size, flags;
    struct area area;
};

// Maps it at the fixed place, which is emptied if it must be, or at a free one.
static int64_t place(const struct area *area, uint64_t hint, uint64_t flags) {
    uint64_t size = area->end - area->start;
    if (!(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)))
        return space_map_free(my_space(), area);
    if (hint % PAGE_SIZE || !hint)
        return -EINVAL;
    if (size > USER_LIMIT || hint > USER_LIMIT - size)
        return -ENOMEM;
    if (!(flags & MAP_FIXED_NOREPLACE))
        return space_map_over(my_space(), area);
    int error = space_map(my_space(), area);
    return error ? error : (int64_t)hint;
}

// RLIMIT_AS is for all, RLIMIT_DATA for what is private and may be written.
static bool within_limits(const struct request *request) {
    const struct area *area = &request->area;
    uint64_t data = proc_limit(RLIMIT_DATA);
    if (my_space()->size + request->size > proc_limit(RLIMIT_AS))
        return false;
    if (area->shared || !(area->rights & ACCESS_WRITE) || data == RLIM_INFINITY)
        return true;
    return space_data_size(my_space()) + request->size <= data;
}

static long map(struct request *request) {
    if (!within_limits(request))
        return -ENOMEM;
    struct area *area = &request->area;
    area->start = page_floor(request->hint);
    area->end = area->start + request->size;
    int64_t start = place(area, request->hint, request->flags);
    if (start > 0 && (request->flags & MAP_POPULATE || area->locked))
        (void)!copy_fault_in(start, request->size, area->rights & ACCESS_WRITE);
    return start;
}

static long map_anonymous(struct request *request) {
    if (!request->area.shared)
        return map(request);
    struct file *file;
    // Linux's name for it.
    long result = shared_memory_create("/dev/zero (deleted)", request->size, &file);
    if (result)
        return result;
    request->area.backing = &file->backing;
    result = map(request);
    file_put(file);
    return result;
}

// A shared mapping that may be written needs a file that may be written, now or ever.
static int file_mappable(const struct file *file, const struct area *area) {
    if (!file_readable(file))
        return -EACCES;
    if (!file->inode || !S_ISREG(file->inode->mode) || !file->inode->pages.ops)
        return -ENODEV;
    return area->shared && area->rights & ACCESS_WRITE && !file_writable(file) ? -EACCES : 0;
}

static long map_file(struct request *request, int fd, uint64_t offset) {
    struct file *file = fd_hold(fd);
    if (!file)
        return -EBADF;
    struct area *area = &request->area;
    long result = file_mappable(file, area);
    // The number of a page of a program's own has 32 bits.
    if (!result && (offset + request->size) / PAGE_SIZE > UINT32_MAX)
        result = -EOVERFLOW;
    if (!result) {
        area->never_writable = area->shared && !file_writable(file);
        area->backing = &file->backing;
        area->page = offset / PAGE_SIZE;
        result = map(request);
    }
    file_put(file);
    return result;
}

// mmap(address, length, protection, flags, fd, offset).
long sys_mmap(struct trap_frame *call) {
    uint64_t size = call->a1, protection = call->a2, flags = call->a3, offset = call->a5;
    uint64_t type = flags & MAP_TYPE;
    if (!size || protection & ~(uint64_t)PROT_ALL || offset % PAGE_SIZE)
        return -EINVAL;
    if (size > USER_LIMIT || offset > INT64_MAX - size)
        return size > USER_LIMIT ? -ENOMEM : -EOVERFLOW;
    if (type != MAP_PRIVATE && type != MAP_SHARED && type != MAP_SHARED_VALIDATE)
        return -EINVAL;
    struct request request = {
        .hint = call->a0, .size = page_ceil(size), .flags = flags,
        .area = { .rights = rights_of(protection), .shared = type != MAP_PRIVATE,
                  .locked = flags & MAP_LOCKED },
    };
    if (flags & MAP_ANONYMOUS)
        return map_anonymous(&request);
    return map_file(&request, call->a4, offset);
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
    if (!size)
        return 0;
    switch ((int)call->a2) {
    case MADV_DONTNEED:
        return space_discard(my_space(), start, start + size);
    case MADV_WILLNEED:
        return space_will_need(my_space(), start, start + size);
    case MADV_NORMAL: case MADV_RANDOM: case MADV_SEQUENTIAL: case MADV_FREE:
    case MADV_MERGEABLE: case MADV_UNMERGEABLE: case MADV_HUGEPAGE: case MADV_NOHUGEPAGE:
    case MADV_DONTDUMP: case MADV_DODUMP:
        return 0;
    default:
        return -EINVAL;
    }
}

long sys_msync(struct trap_frame *call) {
    uint64_t start = call->a0, size = call->a1, flags = call->a2;
    if (flags & ~(uint64_t)(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
        (flags & MS_ASYNC && flags & MS_SYNC) || start % PAGE_SIZE)
        return -EINVAL;
    if (!range_valid(start, &size))
        return -ENOMEM;
    // The write-back thread takes care of what is asynchronous.
    return size ? space_sync(my_space(), start, start + size, flags & MS_SYNC) : 0;
}

// What may be locked: all, for root; else RLIMIT_MEMLOCK bytes in one call.
static bool may_lock(uint64_t size) {
    return thread_current()->cred->euid == 0 || size <= proc_limit(RLIMIT_MEMLOCK);
}

static long lock_pages(struct trap_frame *call, bool locked) {
    uint64_t start = page_floor(call->a0), size = call->a1 + call->a0 % PAGE_SIZE;
    if (size < call->a1 || !range_valid(start, &size))
        return -EINVAL;
    if (locked && !may_lock(size))
        return -ENOMEM;
    int error = size ? space_lock_pages(my_space(), start, start + size, locked) : 0;
    // Absent pages come in; those that may only be looked at are looked at.
    if (!error && locked && copy_fault_in(start, size, false))
        error = -ENOMEM;
    return error;
}

long sys_mlock(struct trap_frame *call) { return lock_pages(call, true); }
long sys_munlock(struct trap_frame *call) { return lock_pages(call, false); }

long sys_mlockall(struct trap_frame *call) {
    uint64_t flags = call->a0;
    if (!flags || flags & ~(uint64_t)(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) ||
        flags == MCL_ONFAULT)
        return -EINVAL;
    if (!may_lock(my_space()->size))
        return -ENOMEM;
    if (flags & MCL_CURRENT && !(flags & MCL_ONFAULT))
        space_fault_in_all(my_space());
    space_lock_all(my_space(), flags & MCL_CURRENT, flags & MCL_FUTURE);
    return 0;
}

long sys_munlockall(struct trap_frame *call) {
    (void)call;
    space_lock_all(my_space(), false, false);
    return 0;
}

// --- swap disks ---

static int swap_device(uint64_t path, struct block_device **out) {
    struct name name;
    int error = name_copy_in(path, &name);
    if (error)
        return error;
    struct path place;
    error = path_lookup(AT_FDCWD, name.text, LOOKUP_FOLLOW, &place);
    name_free(&name);
    if (error)
        return error;
    const struct inode *inode = path_inode(&place);
    *out = inode && S_ISBLK(inode->mode) ? block_device_by_number(inode->device) : NULL;
    error = !inode ? -ENOENT : !S_ISBLK(inode->mode) ? -ENOTBLK : !*out ? -ENXIO : 0;
    path_put(&place);
    return error;
}

static long swap_switch(struct trap_frame *call, int (*change)(struct block_device *device)) {
    struct block_device *device;
    if (thread_current()->cred->euid != 0)
        return -EPERM;
    int error = swap_device(call->a0, &device);
    return error ? error : change(device);
}

long sys_swapon(struct trap_frame *call) { return swap_switch(call, swap_on); }
long sys_swapoff(struct trap_frame *call) { return swap_switch(call, swap_off); }
