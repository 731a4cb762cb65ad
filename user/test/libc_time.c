/*
 * The calendar and clocks.
 */
#include "common/check.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

static bool prints(time_t t, const char *fmt, const char *expected) {
    char buf[100];

    strftime(buf, sizeof(buf), fmt, gmtime(&t));
    return strcmp(buf, expected) == 0;
}

/* Every third day and an odd second over 800 years goes there and back. */
static bool goes_round(void) {
    time_t t;

    for (t = -12622780800; t < 12622780800; t += 3 * 86400 + 4321) {
        struct tm tm;

        gmtime_r(&t, &tm);
        if (timegm(&tm) != t || tm.tm_mday < 1 || tm.tm_mday > 31 || tm.tm_yday > 365)
            return false;
    }
    return true;
}

static void test_calendar(void) {
    struct tm tm = { .tm_year = 124, .tm_mon = 13, .tm_mday = -1, .tm_hour = 25 };
    time_t t;

    CHECK("gmtime", prints(0, "%F %T %a %j", "1970-01-01 00:00:00 Thu 001"));
    CHECK("gmtime leap day", prints(951782400, "%Y-%m-%d %A", "2000-02-29 Tuesday"));
    CHECK("gmtime before 1970", prints(-1, "%c", "Wed Dec 31 23:59:59 1969"));
    CHECK("gmtime far", prints(253402300799, "%D %I %p %B", "12/31/99 11 PM December"));
    CHECK("strftime weeks", prints(1609459200, "%G-W%V-%u %U %W", "2020-W53-5 00 00"));
    CHECK("strftime others", prints(1e9, "%s%%%n%e%y", "1000000000%\n 901"));
    CHECK("timegm round trip", goes_round());
    t = timegm(&tm);
    CHECK("timegm puts right", prints(t, "%F %T", "2025-01-31 01:00:00") && tm.tm_mon == 0);
    check_text("ctime", ctime(&(time_t){ 86399 }), "Thu Jan  1 23:59:59 1970\n");
}

int main(void) {
    struct timespec before, after, pause = { .tv_nsec = 20000000 };
    long slept;

    test_calendar();
    clock_gettime(CLOCK_MONOTONIC, &before);
    CHECK("nanosleep", nanosleep(&pause, NULL) == 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    slept = (after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec;
    CHECK("it took its time", slept >= 20000000 && slept < 5000000000);
    CHECK("time", time(NULL) > 0);
    return check_done();
}
