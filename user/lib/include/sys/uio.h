/*
 * <sys/uio.h>: reading and writing in parts.
 */
#ifndef USER_SYS_UIO_H
#define USER_SYS_UIO_H

#include <abi/types.h>
#include <abi/uio.h>

ssize_t readv(int fd, const struct iovec *parts, int count);
ssize_t writev(int fd, const struct iovec *parts, int count);
ssize_t preadv(int fd, const struct iovec *parts, int count, off_t offset);
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset);

#endif
