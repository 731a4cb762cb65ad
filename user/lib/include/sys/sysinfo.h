/*
 * <sys/sysinfo.h>: totals of the machine.
 */
#ifndef USER_SYS_SYSINFO_H
#define USER_SYS_SYSINFO_H

#include <abi/sysinfo.h>

int sysinfo(struct sysinfo *info);

#endif
