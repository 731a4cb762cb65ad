/*
 * <sys/sysmacros.h>: major, minor and makedev are functions of <sys/types.h>.
 */
#ifndef USER_SYS_SYSMACROS_H
#define USER_SYS_SYSMACROS_H

#include <abi/types.h>

#endif
