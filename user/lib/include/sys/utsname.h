/*
 * <sys/utsname.h>: what system this is.
 */
#ifndef USER_SYS_UTSNAME_H
#define USER_SYS_UTSNAME_H

#include <abi/utsname.h>

int uname(struct utsname *uts);

#endif
