/*
 * <sys/random.h>: random bytes from the kernel.
 */
#ifndef USER_SYS_RANDOM_H
#define USER_SYS_RANDOM_H

#include <abi/random.h>
#include <abi/types.h>

ssize_t getrandom(void *buf, size_t size, unsigned int flags);

#endif
