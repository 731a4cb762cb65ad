/*
 * <sys/syscall.h>: the numbers for syscall().
 */
#ifndef USER_SYS_SYSCALL_H
#define USER_SYS_SYSCALL_H

#include <abi/syscall.h>

#endif
