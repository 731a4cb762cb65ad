/*
 * <sys/types.h>: the scalar types of the system.
 */
#ifndef USER_SYS_TYPES_H
#define USER_SYS_TYPES_H

#include <abi/types.h>

typedef unsigned char u_char;
typedef unsigned int u_int;
typedef unsigned long u_long;

#endif
