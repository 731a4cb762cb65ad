// ramfs: a file system in memory. It is the root when booting from an initrd, /tmp if one mounts
// it there ("ramfs" or "tmpfs"), and what devfs is made of.
#ifndef FS_RAMFS_H
#define FS_RAMFS_H

#include <fs/inode.h>

void ramfs_register(void);

// A file without a name in a mounted ramfs, with one reference. May sleep.
int must_check ramfs_make_file(struct super *super, uint32_t mode, struct inode **out);

// Fills a superblock: the mount operation, also for devfs.
int must_check ramfs_mount(struct super *super, const char *options);

#endif
