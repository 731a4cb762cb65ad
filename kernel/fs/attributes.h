// Changing what stat shows: chmod, chown, utimes. All check the calling thread's rights, take
// inode->lock, set the change time, and may sleep: 0, -EPERM, -EACCES, -EROFS.
#ifndef FS_ATTRIBUTES_H
#define FS_ATTRIBUTES_H

#include <fs/inode.h>

int must_check inode_chmod(struct inode *inode, uint32_t mode);

// UINT32_MAX: leave it as it is.
int must_check inode_chown(struct inode *inode, uint32_t uid, uint32_t gid);

// tv_nsec may be UTIME_NOW or UTIME_OMIT; -EINVAL for anything else past 999999999.
int must_check inode_set_times(struct inode *inode, const struct timespec times[2]);

#endif
