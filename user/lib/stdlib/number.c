/*
 * Integers from text, and small integer arithmetic.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

/* What strtol and its kin find before range is judged. */
struct number {
    unsigned long magnitude;
    bool negative;
    bool overflow;
};

static int digit_value(char c) {
    if (isdigit((unsigned char)c))
        return c - '0';
    if (isalpha((unsigned char)c))
        return tolower((unsigned char)c) - 'a' + 10;
    return INT_MAX;
}

/* Steps over 0x, if a hexadecimal digit follows, and finds out what base 0 stands for. */
static const char *prefix_skip(const char *s, int *base) {
    bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && digit_value(s[2]) < 16;

    if (*base == 0)
        *base = hex ? 16 : s[0] == '0' ? 8 : 10;
    return hex && *base == 16 ? s + 2 : s;
}

/* ISO C 7.22.1.4: white space, sign, prefix, digits. *end is s when there is no digit. */
static struct number number_parse(const char *s, char **end, int base) {
    struct number n = { 0 };
    const char *digits, *p = s;

    while (isspace((unsigned char)*p))
        p++;
    n.negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    digits = p = prefix_skip(p, &base);
    for (; digit_value(*p) < base; p++)
        if (__builtin_mul_overflow(n.magnitude, (unsigned long)base, &n.magnitude) ||
            __builtin_add_overflow(n.magnitude, (unsigned long)digit_value(*p), &n.magnitude))
            n.overflow = true;
    if (end != NULL)
        *end = (char *)(p == digits ? s : p);
    return n;
}

unsigned long strtoul(const char *s, char **end, int base) {
    struct number n = number_parse(s, end, base);

    if (n.overflow) {
        errno = ERANGE;
        return ULONG_MAX;
    }
    return n.negative ? -n.magnitude : n.magnitude;
}

long strtol(const char *s, char **end, int base) {
    struct number n = number_parse(s, end, base);
    unsigned long limit = n.negative ? -(unsigned long)LONG_MIN : LONG_MAX;

    if (n.overflow || n.magnitude > limit) {
        errno = ERANGE;
        return n.negative ? LONG_MIN : LONG_MAX;
    }
    return n.negative ? -n.magnitude : n.magnitude;
}

long long strtoll(const char *s, char **end, int base) {
    return strtol(s, end, base);
}

unsigned long long strtoull(const char *s, char **end, int base) {
    return strtoul(s, end, base);
}

intmax_t strtoimax(const char *s, char **end, int base) {
    return strtol(s, end, base);
}

uintmax_t strtoumax(const char *s, char **end, int base) {
    return strtoul(s, end, base);
}

long atol(const char *s) {
    return strtol(s, NULL, 10);
}

long long atoll(const char *s) {
    return strtol(s, NULL, 10);
}

int atoi(const char *s) {
    return strtol(s, NULL, 10);
}

int abs(int n) {
    return n < 0 ? -n : n;
}

long labs(long n) {
    return n < 0 ? -n : n;
}

long long llabs(long long n) {
    return n < 0 ? -n : n;
}

div_t div(int a, int b) {
    return (div_t){ a / b, a % b };
}

ldiv_t ldiv(long a, long b) {
    return (ldiv_t){ a / b, a % b };
}
