/*
 * <errno.h>: why the last failed call failed.
 */
#ifndef USER_ERRNO_H
#define USER_ERRNO_H

#include <abi/errno.h>

extern int errno;

/* The name the program was started with. */
extern char *program_invocation_name;

#endif
