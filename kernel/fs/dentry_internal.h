// What dentry.c and dentry_reclaim.c share.
#ifndef FS_DENTRY_INTERNAL_H
#define FS_DENTRY_INTERNAL_H

#include <fs/dentry.h>

// Out of the hash table, if it is in it. dentry_lock is held.
void dentry_unhash(struct dentry *dentry);

// `dir` has lost its name: what was found not to be in it is forgotten, or would keep it. dentry_lock is
// held and the caller has a reference; those forgotten go to `dead`.
void dentry_forget_children(struct dentry *dir, struct list *dead);

// One more exists: makes room when there are too many. May sleep.
void dentry_count_add(void);

// Frees one that was never in the table and has no inode.
void dentry_discard(struct dentry *dentry);

void dentry_reclaim_init(uint64_t limit);

#endif
