/*
 * <sys/sendfile.h>: copying between descriptors inside the kernel.
 */
#ifndef USER_SYS_SENDFILE_H
#define USER_SYS_SENDFILE_H

#include <abi/types.h>

ssize_t sendfile(int out, int in, off_t *offset, size_t n);

#endif
