// devfs: a ramfs whose root holds a node for every device. Users may add and remove names in it
// as in any other; drivers only add.
#include <abi/errno.h>
#include <abi/stat.h>
#include <debug/log.h>
#include <block/block.h>
#include <fs/devfs.h>
#include <fs/ramfs.h>
#include <lib/string.h>
#include <mm/heap.h>

struct node {
    const char *name;
    uint32_t mode, device;
    struct list list;
};

static struct list nodes = LIST_INIT(nodes);        // written at boot only

void devfs_add(const char *name, uint32_t mode, uint32_t device) {
    struct node *node = kmalloc(sizeof(*node));
    if (!node)
        panic("no memory for /dev/%s", name);
    *node = (struct node){ .name = name, .mode = mode, .device = device };
    list_push_back(&nodes, &node->list);
}

static int make_node(struct super *super, const char *name, uint32_t mode, uint32_t device) {
    struct inode *root = super->root, *inode;
    mutex_lock(&root->lock);
    int error = root->ops->create(root, name, strlen(name), mode, device, 0, 0, &inode);
    mutex_unlock(&root->lock);
    if (!error)
        inode_put(inode);
    return error;
}

// What programs expect in /dev besides devices (Linux's are made by udev).
static const struct {
    const char *name, *target;
} links[] = {
    { "fd", "/proc/self/fd" },            { "stdin", "/proc/self/fd/0" },
    { "stdout", "/proc/self/fd/1" },      { "stderr", "/proc/self/fd/2" },
};

static int make_link(struct super *super, const char *name, const char *target) {
    struct inode *root = super->root, *inode;
    mutex_lock(&root->lock);
    int error = root->ops->symlink(root, name, strlen(name), target, 0, 0, &inode);
    mutex_unlock(&root->lock);
    if (!error)
        inode_put(inode);
    return error;
}

static int devfs_mount(struct super *super, const char *options) {
    int error = ramfs_mount(super, options);
    struct node *node;
    list_for_each(node, &nodes, list) {
        if (!error)
            error = make_node(super, node->name, node->mode, node->device);
    }
    for (unsigned i = 0; !error && i < sizeof links / sizeof links[0]; i++)
        error = make_link(super, links[i].name, links[i].target);
    struct block_device *device = NULL;
    while (!error && (device = block_device_next(device)))
        error = make_node(super, device->name, S_IFBLK | 0600, device->number);
    return error;
}

void devfs_register(void) {
    static struct file_system devfs = { .name = "devfs", .mount = devfs_mount };
    file_system_register(&devfs);
}
