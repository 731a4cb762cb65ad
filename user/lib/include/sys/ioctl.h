/*
 * <sys/ioctl.h>: device control.
 */
#ifndef USER_SYS_IOCTL_H
#define USER_SYS_IOCTL_H

#include <abi/ioctl.h>

int ioctl(int fd, unsigned long request, ...);

#endif
