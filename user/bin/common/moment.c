/* Points in time as people write them. */
#include "moment.h"

#include <string.h>

#include "number.h"

static int month_days(int year, int month) {
    static const char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* Exactly `count` digits at *text, which it moves on; -1 when they are not there. */
static int digits_take(const char **text, int count) {
    int value = 0;
    for (; count > 0; count--, (*text)++) {
        if (**text < '0' || **text > '9')
            return -1;
        value = value * 10 + (**text - '0');
    }
    return value;
}

static bool moment_make(const int date[3], const int clock[3], time_t *out) {
    if (date[0] < 1970 || date[1] < 1 || date[1] > 12 || date[2] < 1 ||
        date[2] > month_days(date[0], date[1]))
        return false;
    if (clock[0] < 0 || clock[0] > 23 || clock[1] < 0 || clock[1] > 59 || clock[2] < 0 ||
        clock[2] > 60)
        return false;
    struct tm tm = {
        .tm_year = date[0] - 1900, .tm_mon = date[1] - 1, .tm_mday = date[2],
        .tm_hour = clock[0], .tm_min = clock[1], .tm_sec = clock[2],
    };
    *out = timegm(&tm);
    return true;
}

bool moment_parse(const char *text, time_t *out) {
    long long seconds;
    if (*text == '@') {
        if (!number_parse(text + 1, &seconds))
            return false;
        *out = seconds;
        return true;
    }
    int date[3], clock[3] = { 0, 0, 0 };
    date[0] = digits_take(&text, 4);
    for (int i = 1; i < 3; i++) {
        if (*text++ != '-')
            return false;
        date[i] = digits_take(&text, 2);
    }
    if (*text == 'T' || *text == ' ') {
        for (int i = 0; i < 3 && (i < 2 || *text == ':'); i++) {
            text++;
            clock[i] = digits_take(&text, 2);
            if (i == 0 && *text != ':')
                return false;
        }
    }
    if (*text == 'Z')
        text++;
    return *text == '\0' && moment_make(date, clock, out);
}

bool moment_parse_stamp(const char *text, int year, time_t *out) {
    size_t length = strcspn(text, ".");
    int date[3] = { year, 0, 0 }, clock[3] = { 0, 0, 0 };
    if (length == 12) {
        date[0] = digits_take(&text, 4);
    } else if (length == 10) {
        int two = digits_take(&text, 2);
        date[0] = two + (two < 69 ? 2000 : 1900);
    } else if (length != 8) {
        return false;
    }
    date[1] = digits_take(&text, 2);
    date[2] = digits_take(&text, 2);
    clock[0] = digits_take(&text, 2);
    clock[1] = digits_take(&text, 2);
    if (*text == '.') {
        text++;
        clock[2] = digits_take(&text, 2);
    }
    return *text == '\0' && moment_make(date, clock, out);
}
