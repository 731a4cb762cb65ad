/*
 * Sleeping and the time of day.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

unsigned int sleep(unsigned int seconds) {
    struct timespec duration = { .tv_sec = seconds };

    if (nanosleep(&duration, &duration) == 0)
        return 0;
    return duration.tv_sec + (duration.tv_nsec > 0);
}

int usleep(useconds_t microseconds) {
    struct timespec duration = {
        .tv_sec = microseconds / 1000000,
        .tv_nsec = microseconds % 1000000 * 1000l,
    };

    return nanosleep(&duration, NULL);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *t, struct timespec *rest) {
    int saved = errno;
    int result = syscall(SYS_clock_nanosleep, clock, flags, t, rest) < 0 ? errno : 0;

    errno = saved;
    return result;
}

time_t time(time_t *t) {
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (t != NULL)
        *t = now.tv_sec;
    return now.tv_sec;
}

clock_t clock(void) {
    struct timespec used;

    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) < 0)
        return -1;
    return used.tv_sec * CLOCKS_PER_SEC + used.tv_nsec / 1000;
}

double difftime(time_t later, time_t earlier) {
    return later - earlier;
}
