/*
 * Between seconds since 1970 and the Gregorian calendar, in UTC.
 *
 * Years are counted from March, so that the leap day is a year's last: then the day on which
 * a month begins is a linear function of the month, (153 * month + 2) / 5, and an era of 400
 * years has always 146097 days.
 */
#include <time.h>

#define DAY 86400l
#define ERA_DAYS 146097l
#define EPOCH_DAYS 719468l /* from 1 March of year 0 to 1 January 1970 */

static long floor_div(long a, long b) {
    return a / b - (a % b < 0);
}

/* The days since 1970 of a date. month counts from 0 (January) and is in range. */
static long days_of(long year, int month, long day) {
    long era, year_of_era;
    int from_march = (month + 10) % 12;

    year -= month < 2;
    era = floor_div(year, 400);
    year_of_era = year - era * 400;
    return era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           (153 * from_march + 2) / 5 + day - 1 - EPOCH_DAYS;
}

/* Fills in the date of a day counted from 1970. */
static void date_set(struct tm *tm, long days) {
    long era = floor_div(days + EPOCH_DAYS, ERA_DAYS);
    long day = days + EPOCH_DAYS - era * ERA_DAYS; /* of the era */
    long year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int from_march;

    day -= year * 365 + year / 4 - year / 100; /* of the year from March */
    from_march = (5 * day + 2) / 153;
    tm->tm_mday = day - (153 * from_march + 2) / 5 + 1;
    tm->tm_mon = (from_march + 2) % 12;
    year += era * 400 + (tm->tm_mon < 2);
    tm->tm_year = year - 1900;
    tm->tm_yday = days - days_of(year, 0, 1);
    tm->tm_wday = (days % 7 + 11) % 7; /* 1 January 1970 was a Thursday */
}

struct tm *gmtime_r(const time_t *t, struct tm *tm) {
    long days = floor_div(*t, DAY);
    long second = *t - days * DAY;

    date_set(tm, days);
    tm->tm_hour = second / 3600;
    tm->tm_min = second / 60 % 60;
    tm->tm_sec = second % 60;
    tm->tm_isdst = 0;
    tm->tm_gmtoff = 0;
    tm->tm_zone = "UTC";
    return tm;
}

/* Fields may be out of range (32 January, minute -1); they are put right in *tm. */
time_t timegm(struct tm *tm) {
    long year = tm->tm_year + 1900l + floor_div(tm->tm_mon, 12);
    int month = tm->tm_mon - floor_div(tm->tm_mon, 12) * 12;
    time_t t = days_of(year, month, tm->tm_mday) * DAY + tm->tm_hour * 3600l +
               tm->tm_min * 60l + tm->tm_sec;

    gmtime_r(&t, tm);
    return t;
}

struct tm *gmtime(const time_t *t) {
    static struct tm tm;

    return gmtime_r(t, &tm);
}

struct tm *localtime_r(const time_t *t, struct tm *tm) {
    return gmtime_r(t, tm);
}

struct tm *localtime(const time_t *t) {
    return gmtime(t);
}

time_t mktime(struct tm *tm) {
    return timegm(tm);
}

/* There is one time zone. */
void tzset(void) {
}
