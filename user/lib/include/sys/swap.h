/*
 * <sys/swap.h>: swap devices.
 */
#ifndef USER_SYS_SWAP_H
#define USER_SYS_SWAP_H

int swapon(const char *path, int flags);
int swapoff(const char *path);

#endif
