/*
 * Times as text (ISO C 7.27.3.5, the C locale).
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const days[] = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
};

static const char *const months[] = {
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
};

static const char *day_name(const struct tm *tm) {
    return tm->tm_wday >= 0 && tm->tm_wday < 7 ? days[tm->tm_wday] : "?";
}

static const char *month_name(const struct tm *tm) {
    return tm->tm_mon >= 0 && tm->tm_mon < 12 ? months[tm->tm_mon] : "?";
}

static bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* ISO 8601: weeks begin on Monday, and week 1 is the one with the year's first Thursday. */
static int iso_week(const struct tm *tm, int *year) {
    int thursday = tm->tm_yday + 3 - (tm->tm_wday + 6) % 7; /* this week's, in this year */

    *year = tm->tm_year + 1900;
    if (thursday < 0) {
        (*year)--;
        thursday += is_leap(*year) ? 366 : 365;
    } else if (thursday >= (is_leap(*year) ? 366 : 365)) {
        thursday -= is_leap(*year) ? 366 : 365;
        (*year)++;
    }
    return thursday / 7 + 1;
}

/* Conversions that stand for others. NULL for the rest. */
static const char *composite(char letter) {
    switch (letter) {
    case 'c':
        return "%a %b %e %H:%M:%S %Y";
    case 'D':
    case 'x':
        return "%m/%d/%y";
    case 'F':
        return "%Y-%m-%d";
    case 'r':
        return "%I:%M:%S %p";
    case 'R':
        return "%H:%M";
    case 'T':
    case 'X':
        return "%H:%M:%S";
    default:
        return NULL;
    }
}

/* Conversions that are a number. False for the rest. */
static bool number_put(char *buf, size_t size, char letter, const struct tm *tm) {
    int hour = tm->tm_hour % 12 == 0 ? 12 : tm->tm_hour % 12;
    int year = tm->tm_year + 1900;
    int iso_year, week = iso_week(tm, &iso_year);
    const struct {
        char letter;
        const char *fmt;
        long value;
    } numbers[] = {
        { 'C', "%02ld", year / 100 },
        { 'd', "%02ld", tm->tm_mday },
        { 'e', "%2ld", tm->tm_mday },
        { 'g', "%02ld", iso_year % 100 },
        { 'G', "%ld", iso_year },
        { 'H', "%02ld", tm->tm_hour },
        { 'I', "%02ld", hour },
        { 'j', "%03ld", tm->tm_yday + 1 },
        { 'k', "%2ld", tm->tm_hour },
        { 'l', "%2ld", hour },
        { 'm', "%02ld", tm->tm_mon + 1 },
        { 'M', "%02ld", tm->tm_min },
        { 'S', "%02ld", tm->tm_sec },
        { 'u', "%ld", tm->tm_wday == 0 ? 7 : tm->tm_wday },
        { 'U', "%02ld", (tm->tm_yday + 7 - tm->tm_wday) / 7 },
        { 'V', "%02ld", week },
        { 'w', "%ld", tm->tm_wday },
        { 'W', "%02ld", (tm->tm_yday + 7 - (tm->tm_wday + 6) % 7) / 7 },
        { 'y', "%02ld", year % 100 },
        { 'Y', "%ld", year },
    };
    size_t i;

    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (numbers[i].letter == letter) {
            snprintf(buf, size, numbers[i].fmt, numbers[i].value);
            return true;
        }
    }
    return false;
}

/* All other conversions; an unknown one stands for itself. */
static void text_put(char *buf, size_t size, char letter, const struct tm *tm) {
    struct tm copy = *tm;

    switch (letter) {
    case 'a':
        snprintf(buf, size, "%.3s", day_name(tm));
        break;
    case 'A':
        snprintf(buf, size, "%s", day_name(tm));
        break;
    case 'b':
    case 'h':
        snprintf(buf, size, "%.3s", month_name(tm));
        break;
    case 'B':
        snprintf(buf, size, "%s", month_name(tm));
        break;
    case 'p':
        strlcpy(buf, tm->tm_hour < 12 ? "AM" : "PM", size);
        break;
    case 's':
        snprintf(buf, size, "%ld", timegm(&copy));
        break;
    case 'z':
        strlcpy(buf, "+0000", size);
        break;
    case 'Z':
        strlcpy(buf, "UTC", size);
        break;
    case 'n':
        strlcpy(buf, "\n", size);
        break;
    case 't':
        strlcpy(buf, "\t", size);
        break;
    case '%':
        strlcpy(buf, "%", size);
        break;
    default:
        snprintf(buf, size, "%%%c", letter);
    }
}

/* Returns the length, or 0 when size is too small. */
size_t strftime(char *buf, size_t size, const char *fmt, const struct tm *tm) {
    size_t len = 0;

    for (; *fmt != '\0'; fmt++) {
        char part[64] = { *fmt, '\0' };

        if (*fmt == '%' && fmt[1] != '\0') {
            const char *others = composite(*++fmt);

            if (others != NULL)
                strftime(part, sizeof(part), others, tm);
            else if (!number_put(part, sizeof(part), *fmt, tm))
                text_put(part, sizeof(part), *fmt, tm);
        }
        len += strlcpy(buf + len, part, size - len);
        if (len >= size)
            return 0;
    }
    if (size > 0)
        buf[len] = '\0';
    return len;
}

char *asctime(const struct tm *tm) {
    static char text[40];

    strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y\n", tm);
    return text;
}

char *ctime(const time_t *t) {
    return asctime(gmtime(t));
}
