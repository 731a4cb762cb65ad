/*
 * <sys/auxv.h>: what the kernel told the program at its start.
 */
#ifndef USER_SYS_AUXV_H
#define USER_SYS_AUXV_H

#include <abi/auxv.h>

/* The value of an entry of the auxiliary vector, or 0. */
unsigned long getauxval(unsigned long type);

#endif
