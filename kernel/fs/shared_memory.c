// Memory that processes share without a file: each is a file that has no name, in a file system in
// memory that nobody has mounted.
#include <abi/errno.h>
#include <abi/stat.h>
#include <fs/inode.h>
#include <fs/ramfs.h>
#include <fs/shared_memory.h>

static struct super *super;

void shared_memory_init(void) {
    if (super_mount(file_system_find("ramfs"), NULL, false, NULL, &super))
        panic("no memory for shared memory");
}

int shared_memory_create(uint64_t size, struct inode **out) {
    int error = ramfs_make_file(super, S_IFREG | 0600, out);
    if (error)
        return error;
    (*out)->links = 0;                  // it goes with its last mapping
    (*out)->size = size;
    return 0;
}
