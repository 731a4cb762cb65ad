// ramfs: a file system in memory. It is the root when booting from an initrd, /tmp if one mounts
// it there ("ramfs" or "tmpfs"), and what devfs is made of.
#ifndef FS_RAMFS_H
#define FS_RAMFS_H

#include <fs/inode.h>

void ramfs_register(void);

// Fills a superblock: the mount operation, also for devfs.
int must_check ramfs_mount(struct super *super, const char *options);

#endif
