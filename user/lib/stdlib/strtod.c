/*
 * Floating-point numbers from text, correctly rounded. Decimal only; "inf" and "nan" too.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

#include "decimal.h"

/* Reads digits and at most one point into d. Returns their end; *any says if there was one. */
static const char *digits_parse(const char *p, struct decimal *d, bool *any) {
    bool fraction = false;

    *d = (struct decimal){ 0 };
    *any = false;
    for (; isdigit((unsigned char)*p) || (*p == '.' && !fraction); p++) {
        if (*p == '.') {
            fraction = true;
            continue;
        }
        *any = true;
        if (d->count < DECIMAL_DIGITS && (d->count > 0 || *p != '0'))
            d->digit[d->count++] = *p - '0';
        else if (d->count > 0 && *p != '0')
            d->inexact = true;
        /* The point lies after every digit before it, and after none of the zeros behind. */
        if (!fraction && d->count > 0)
            d->point++;
        if (fraction && d->count == 0)
            d->point--;
    }
    return p;
}

/* Reads e and a number, if that is what there is. Returns its end. */
static const char *exponent_parse(const char *p, struct decimal *d) {
    const char *digits = p + 1;
    char *end;
    long exponent;

    if (*p != 'e' && *p != 'E')
        return p;
    if (*digits == '-' || *digits == '+')
        digits++;
    if (!isdigit((unsigned char)*digits))
        return p;
    exponent = strtol(p + 1, &end, 10);
    if (exponent > 100000)
        exponent = 100000;
    if (exponent < -100000)
        exponent = -100000;
    if (d->count > 0)
        d->point += exponent;
    return end;
}

/* The magnitude of the number at p; *end is p when there is none. */
static double magnitude_parse(const char *p, const char **end) {
    struct decimal d;
    double value;
    bool any, zero;

    *end = p + 3;
    if (strncasecmp(p, "nan", 3) == 0)
        return __builtin_nan("");
    if (strncasecmp(p, "inf", 3) == 0) {
        if (strncasecmp(p, "infinity", 8) == 0)
            *end = p + 8;
        return __builtin_inf();
    }
    *end = digits_parse(p, &d, &any);
    if (!any) {
        *end = p;
        return 0;
    }
    *end = exponent_parse(*end, &d);
    decimal_trim(&d);
    zero = d.count == 0;
    value = decimal_get(&d);
    if (__builtin_isinf(value) || (value == 0 && !zero))
        errno = ERANGE;
    return value;
}

double strtod(const char *s, char **end) {
    const char *p = s, *number, *stop;
    bool negative;
    double value;

    while (isspace((unsigned char)*p))
        p++;
    negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    number = p;
    value = magnitude_parse(number, &stop);
    if (end != NULL)
        *end = (char *)(stop == number ? s : stop);
    return negative ? -value : value;
}

float strtof(const char *s, char **end) {
    return strtod(s, end);
}

double atof(const char *s) {
    return strtod(s, NULL);
}
