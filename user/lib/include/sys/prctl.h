/*
 * <sys/prctl.h>: odds and ends of a process.
 */
#ifndef USER_SYS_PRCTL_H
#define USER_SYS_PRCTL_H

#include <abi/prctl.h>

int prctl(int option, ...);

#endif
