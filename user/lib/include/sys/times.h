/*
 * <sys/times.h>: CPU time in clock ticks.
 */
#ifndef USER_SYS_TIMES_H
#define USER_SYS_TIMES_H

#include <abi/time.h>

clock_t times(struct tms *tms);

#endif
