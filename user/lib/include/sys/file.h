/*
 * <sys/file.h>: whole-file locks.
 */
#ifndef USER_SYS_FILE_H
#define USER_SYS_FILE_H

#include <abi/fcntl.h>

int flock(int fd, int operation);

#endif
