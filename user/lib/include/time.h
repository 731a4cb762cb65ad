/*
 * <time.h>: clocks, sleeping, and the calendar (the time zone is always UTC).
 */
#ifndef USER_TIME_H
#define USER_TIME_H

#include <abi/time.h>
#include <stddef.h>

#define CLOCKS_PER_SEC 1000000l

struct tm {
    int tm_sec;
    int tm_min;
    int tm_hour;
    int tm_mday; /* 1 to 31 */
    int tm_mon;  /* 0 to 11 */
    int tm_year; /* since 1900 */
    int tm_wday; /* 0 is Sunday */
    int tm_yday; /* 0 to 365 */
    int tm_isdst;
    long tm_gmtoff;
    const char *tm_zone;
};

time_t time(time_t *t);
clock_t clock(void);
int clock_gettime(clockid_t clock, struct timespec *ts);
int clock_settime(clockid_t clock, const struct timespec *ts);
int clock_getres(clockid_t clock, struct timespec *ts);
int nanosleep(const struct timespec *duration, struct timespec *rest);
/* Returns an error number, not -1. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *t, struct timespec *rest);

/* Timers; CLOCK_PROCESS_CPUTIME_ID too. A sigevent of NULL is SIGALRM. */
struct sigevent;
int timer_create(clockid_t clock, struct sigevent *event, timer_t *timer);
int timer_settime(timer_t timer, int flags, const struct itimerspec *value, struct itimerspec *old);
int timer_gettime(timer_t timer, struct itimerspec *value);
int timer_getoverrun(timer_t timer);
int timer_delete(timer_t timer);
double difftime(time_t later, time_t earlier);

struct tm *gmtime(const time_t *t);
struct tm *gmtime_r(const time_t *t, struct tm *tm);
struct tm *localtime(const time_t *t);
struct tm *localtime_r(const time_t *t, struct tm *tm);
time_t mktime(struct tm *tm);
time_t timegm(struct tm *tm);
char *asctime(const struct tm *tm);
char *ctime(const time_t *t);
size_t strftime(char *buf, size_t size, const char *fmt, const struct tm *tm);
void tzset(void);

#endif
