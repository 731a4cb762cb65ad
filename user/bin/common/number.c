/* Numbers and sizes on the command line and in the output. */
#include "number.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"

/* Reads [+-]digits at *text and moves it on. False on no digit or on overflow. */
static bool digits_parse(const char **text, long long *out) {
    const char *p = *text;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    if (*p < '0' || *p > '9')
        return false;
    long long value = 0;
    for (; *p >= '0' && *p <= '9'; p++) {
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, *p - '0', &value))
            return false;
    }
    /* Gathered as a negative number, because there is one more of those. */
    if (!negative && __builtin_sub_overflow(0, value, &value))
        return false;
    *text = p;
    *out = value;
    return true;
}

bool number_parse(const char *text, long long *out) {
    return digits_parse(&text, out) && *text == '\0';
}

bool size_parse(const char *text, long long *out) {
    static const struct {
        char suffix;
        long long factor;
    } units[] = {
        { 'c', 1 }, { 'w', 2 }, { 'b', 512 }, { 'k', 1 << 10 }, { 'K', 1 << 10 },
        { 'm', 1 << 20 }, { 'M', 1 << 20 }, { 'g', 1 << 30 }, { 'G', 1 << 30 }, { 'T', 1LL << 40 },
    };
    if (!digits_parse(&text, out))
        return false;
    if (*text == '\0')
        return true;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (*text == units[i].suffix && text[1] == '\0')
            return !__builtin_mul_overflow(*out, units[i].factor, out);
    }
    return false;
}

long long number_require(const char *text, const char *what) {
    long long value;
    if (!number_parse(text, &value))
        cmd_die("invalid %s: '%s'", what, text);
    return value;
}

long long size_require(const char *text, const char *what) {
    long long value;
    if (!size_parse(text, &value))
        cmd_die("invalid %s: '%s'", what, text);
    return value;
}

char *size_format(unsigned long long bytes, char out[SIZE_TEXT]) {
    static const char units[] = "BKMGTPE";
    if (bytes < 1024) {
        snprintf(out, SIZE_TEXT, "%llu", bytes);
        return out;
    }
    int unit = 1;
    unsigned long long scale = 1024;
    while (unit < 6 && (bytes + scale - 1) / scale >= 1024) {
        scale *= 1024;
        unit++;
    }
    /* One decimal below ten, rounded up: nothing is shown smaller than it is. */
    unsigned long long whole = bytes / scale, rest = bytes % scale;
    unsigned long long tenths = whole * 10 + (rest / (scale / 1024) * 10 + 1023) / 1024;
    if (rest % (scale / 1024) && (rest / (scale / 1024) * 10) % 1024 == 0)
        tenths++;
    if (tenths < 100)
        snprintf(out, SIZE_TEXT, "%llu.%llu%c", tenths / 10, tenths % 10, units[unit]);
    else
        snprintf(out, SIZE_TEXT, "%llu%c", whole + (rest != 0), units[unit]);
    return out;
}

static unsigned long long span_unit(char letter) {
    switch (letter) {
    case '\0': case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return 86400;
    default: return 0;
    }
}

bool span_parse(const char *text, unsigned long long *nanoseconds) {
    unsigned long long value = 0, fraction = 1000000000;
    bool any = false;
    for (; *text >= '0' && *text <= '9'; text++, any = true) {
        value = value * 10 + (*text - '0');
        if (value > UINT_MAX)
            return false;
    }
    value *= 1000000000;
    if (*text == '.') {
        for (text++; *text >= '0' && *text <= '9'; text++, any = true) {
            fraction /= 10;
            value += fraction * (*text - '0');
        }
    }
    unsigned long long unit = span_unit(*text);
    if (!any || unit == 0 || (*text && text[1]))
        return false;
    return !__builtin_mul_overflow(value, unit, nanoseconds);
}
