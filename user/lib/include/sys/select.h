/*
 * <sys/select.h>: waiting for descriptors by sets.
 */
#ifndef USER_SYS_SELECT_H
#define USER_SYS_SELECT_H

#include <abi/poll.h>
#include <abi/signal.h>
#include <abi/time.h>

#define FD_ZERO(set)      __builtin_memset((set), 0, sizeof(fd_set))
#define FD_SET(fd, set)   ((void)((set)->fds_bits[(fd) / 64] |= 1ul << (fd) % 64))
#define FD_CLR(fd, set)   ((void)((set)->fds_bits[(fd) / 64] &= ~(1ul << (fd) % 64)))
#define FD_ISSET(fd, set) ((int)((set)->fds_bits[(fd) / 64] >> (fd) % 64 & 1))

int select(int count, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout);
int pselect(int count, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout,
            const sigset_t *mask);

#endif
