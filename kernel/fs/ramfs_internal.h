// What ramfs.c (inodes, the superblock) and ramfs_dir.c (names) share.
#ifndef FS_RAMFS_INTERNAL_H
#define FS_RAMFS_INTERNAL_H

#include <fs/ramfs.h>

// One name in a directory. Its inode is resident, so it is found by number without a reference.
struct ramfs_entry {
    struct list node;               // on the directory's list, by cookie
    struct ramfs_entry *hash_next;
    uint64_t inode;
    uint64_t cookie;                // where readdir stands when it comes to this entry
    uint32_t hash;
    uint16_t length;
    uint8_t type;                   // DT_*
    char name[];
};

// A directory's inode->private. Guarded by the inode's lock.
struct ramfs_dir {
    struct list entries;
    uint64_t count, next_cookie;
    uint64_t parent;                // inode number
    struct ramfs_entry **buckets;
    uint32_t bucket_count;          // a power of two
};

extern const struct inode_ops ramfs_dir_ops;

struct ramfs_dir *ramfs_dir_create(uint64_t parent);    // NULL: no memory
void ramfs_dir_free(struct ramfs_dir *dir);             // with what is in it

// A fresh inode of the type in `mode` with one link, or -ENOMEM.
int must_check ramfs_make(struct super *super, uint32_t mode, uint32_t device, uint32_t uid,
                          uint32_t gid, uint64_t parent, struct inode **out);

#endif
