/*
 * <sys/reboot.h>: ending the machine.
 */
#ifndef USER_SYS_REBOOT_H
#define USER_SYS_REBOOT_H

#include <abi/reboot.h>

/* Does not write anything back: sync first. */
int reboot(int command);

#endif
