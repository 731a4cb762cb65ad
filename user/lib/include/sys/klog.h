/*
 * <sys/klog.h>: the kernel's log.
 */
#ifndef USER_SYS_KLOG_H
#define USER_SYS_KLOG_H

#include <abi/klog.h>

int klogctl(int action, char *buf, int size);

#endif
