/*
 * Times and clocks.
 */
#ifndef ABI_TIME_H
#define ABI_TIME_H

#include <abi/types.h>

struct timespec {
    time_t tv_sec;
    long tv_nsec;
};

struct timeval {
    time_t tv_sec;
    suseconds_t tv_usec;
};

struct timezone {
    int tz_minuteswest;
    int tz_dsttime;
};

struct itimerspec {
    struct timespec it_interval;
    struct timespec it_value;
};

struct itimerval {
    struct timeval it_interval;
    struct timeval it_value;
};

/* times(2), in units of 1 / CLOCKS_PER_TICK seconds (AT_CLKTCK). */
struct tms {
    clock_t tms_utime;
    clock_t tms_stime;
    clock_t tms_cutime;
    clock_t tms_cstime;
};

_Static_assert(sizeof(struct timespec) == 16, "struct timespec");
_Static_assert(sizeof(struct timeval) == 16, "struct timeval");
_Static_assert(sizeof(struct itimerspec) == 32, "struct itimerspec");

#define CLOCK_REALTIME           0
#define CLOCK_MONOTONIC          1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID  3
#define CLOCK_MONOTONIC_RAW      4
#define CLOCK_REALTIME_COARSE    5
#define CLOCK_MONOTONIC_COARSE   6
#define CLOCK_BOOTTIME           7

#define TIMER_ABSTIME 1

#define ITIMER_REAL    0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF    2

/* utimensat: special values of tv_nsec. */
#define UTIME_NOW  0x3fffffff
#define UTIME_OMIT 0x3ffffffe

#endif
