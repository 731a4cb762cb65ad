/*
 * <fcntl.h>: opening files and controlling descriptors.
 */
#ifndef USER_FCNTL_H
#define USER_FCNTL_H

#include <abi/fcntl.h>
#include <abi/stat.h>

int open(const char *path, int flags, ...);
int openat(int dir, const char *path, int flags, ...);
int creat(const char *path, mode_t mode);
int fcntl(int fd, int command, ...);
int fallocate(int fd, int mode, off_t offset, off_t size);
int posix_fadvise(int fd, off_t offset, off_t size, int advice);
int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned int flags);
ssize_t splice(int in, off_t *in_offset, int out, off_t *out_offset, size_t n, unsigned int flags);

#endif
