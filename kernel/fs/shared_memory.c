// Memory that processes share without a file: each is a file that no directory names, in a file system
// in memory that nobody has mounted.
#include <abi/errno.h>
#include <abi/stat.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/ramfs.h>
#include <fs/shared_memory.h>

static struct super *super;

void shared_memory_init(void) {
    if (super_mount(file_system_find("ramfs"), NULL, false, NULL, &super))
        panic("no memory for shared memory");
}

// It is mapped and nothing else.
static const struct file_ops shared_memory_ops;

int shared_memory_create(const char *name, uint64_t size, struct file **out) {
    struct inode *inode;
    int error = ramfs_make_file(super, S_IFREG | 0600, &inode);
    if (error)
        return error;
    inode->links = 0;                   // it goes with its last mapping
    inode->size = size;
    *out = file_create(inode, &shared_memory_ops, O_RDWR);
    if (*out)
        (*out)->private = (void *)name;
    inode_put(inode);
    return *out ? 0 : -ENOMEM;
}
