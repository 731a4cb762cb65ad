// The inode cache's inner side: what inode.c, writeback.c and super.c share.
#ifndef FS_INODE_CACHE_H
#define FS_INODE_CACHE_H

#include <fs/inode.h>

// Guards the hash table, the lists that inodes are on, and the step of refs from and to 0.
// Taken with dentry_lock or a page object's lock held, never the other way round.
extern struct spinlock inode_cache_lock;

void inode_cache_init(void);

// As inode_put, but never deletes from the disk and takes no lock of a file system: for reclaim.
void inode_put_lazy(struct inode *inode);

// Frees every inode of `super`, the root too, if none but the root is referred to (once);
// false and nothing done otherwise. Everything must be clean. Waits for what is being evicted.
bool must_check super_forget_inodes(struct super *super);

// Around the time when a reference to an inode of `super` is left that nobody has any more. Until all of
// these are over super_busy and super_forget_inodes wait.
void super_evict_begin(struct super *super);
void super_evict_end(struct super *super);

void writeback_start(void);

// Every superblock, in order of mounting; guarded by super_list_lock, which is held over a sync.
extern struct list super_list;
extern struct mutex super_list_lock;
void super_init(void);

#endif
