/*
 * <sys/statfs.h>: file system status.
 */
#ifndef USER_SYS_STATFS_H
#define USER_SYS_STATFS_H

#include <abi/statfs.h>

int statfs(const char *path, struct statfs *buf);
int fstatfs(int fd, struct statfs *buf);

#endif
