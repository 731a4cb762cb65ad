/*
 * <errno.h>: why the last failed call failed.
 */
#ifndef USER_ERRNO_H
#define USER_ERRNO_H

#include <abi/errno.h>

extern __thread int errno; /* each thread has its own */

/* The name the program was started with. */
extern char *program_invocation_name;

#endif
