/*
 * The printf and scanf families.
 */
#include "common/check.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Some formats below are odd on purpose. */
#pragma GCC diagnostic ignored "-Wformat"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wformat-truncation"
#endif

#define PRINT(expected, ...)                            \
    do {                                                \
        char buf[400];                                  \
        snprintf(buf, sizeof(buf), __VA_ARGS__);        \
        check_text("printf " #__VA_ARGS__, buf, expected); \
    } while (0)

static void test_integers(void) {
    PRINT("0 -1 42", "%d %i %u", 0, -1, 42u);
    PRINT("-2147483648", "%d", INT32_MIN);
    PRINT("-9223372036854775808", "%ld", INT64_MIN);
    PRINT("18446744073709551615", "%lu", UINT64_MAX);
    PRINT("1777777777777777777777", "%lo", UINT64_MAX);
    PRINT("ff FF 0xff 0XFF 0", "%x %X %#x %#X %#x", 255, 255, 255, 255, 0);
    PRINT("010 0", "%#o %#o", 8, 0);
    PRINT("|   42|42   |00042|", "|%5d|%-5d|%05d|", 42, 42, 42);
    PRINT("|+42| 42|-42|", "|%+d|% d|%+d|", 42, 42, -42);
    PRINT("|  042|042  |", "|%5.3d|%-5.3d|", 42, 42);
    PRINT("||     |0|", "|%.0d|%5.0d|%#.0o|", 0, 0, 0);
    PRINT("|-0042|0x002a|", "|%05d|%#06x|", -42, 42);
    PRINT("|   42|42   |", "|%*d|%*d|", 5, 42, -5, 42);
    PRINT("|00042|42|", "|%.*d|%.*d|", 5, 42, -1, 42);
    PRINT("-1 255 -1 65535", "%hhd %hhu %hd %hu", -1, -1, -1, -1);
    PRINT("1 2 3 4", "%zu %td %jd %lld", (size_t)1, (ptrdiff_t)2, (intmax_t)3, 4ll);
    PRINT("0x1234", "%p", (void *)0x1234);
}

static void test_texts(void) {
    char buf[8] = "unused";

    PRINT("a%b", "%c%%%c", 'a', 'b');
    PRINT("|  abc|abc  |ab|", "|%5s|%-5s|%.2s|", "abc", "abc", "abc");
    PRINT("|   ab|", "|%5.*s|", 2, "abc");
    PRINT("|    x|x    |", "|%5c|%-5c|", 'x', 'x');
    CHECK("snprintf cuts", snprintf(buf, 4, "%s", "abcdef") == 6 && strcmp(buf, "abc") == 0);
    CHECK("snprintf of size 0", snprintf(buf, 0, "%s", "xyz") == 3 && strcmp(buf, "abc") == 0);
}

static void test_floats(void) {
    PRINT("3.141590 -2.50 1e+02", "%f %.2f %.0e", 3.14159, -2.5, 100.0);
    PRINT("0 2 2 4", "%.0f %.0f %.0f %.0f", 0.5, 1.5, 2.5, 3.5);
    PRINT("0.1000000000000000055511151231257827", "%.34f", 0.1);
    PRINT("1.00 9.99 10.0", "%.2f %.2f %.1f", 0.999, 9.994, 9.96);
    PRINT("|   1.5|1.5   |0001.5|", "|%6.1f|%-6.1f|%06.1f|", 1.5, 1.5, 1.5);
    PRINT("|+1.5| 1.5|-01.5|", "|%+.1f|% .1f|%05.1f|", 1.5, 1.5, -1.5);
    PRINT("1.234568e+04 1.2E-07 0.000000e+00", "%e %.1E %e", 12345.678, 1.2e-7, 0.0);
    PRINT("1e+100 1e-100", "%g %g", 1e100, 1e-100);
    PRINT("100000 1e+06 0.0001 1e-05", "%g %g %g %g", 1e5, 1e6, 1e-4, 1e-5);
    PRINT("1.5 0 100 1.00000", "%g %g %.3g %#g", 1.5, 0.0, 99.99, 1.0);
    PRINT("0.00 1. 1", "%.2f %#.0f %.0f", 0.001, 1.0, 0.9);
    PRINT("inf -inf nan |  INF|", "%f %f %g |%05F|", 1 / 0., -1 / 0., __builtin_nan(""), 1 / 0.);
    PRINT("1.7976931348623157e+308", "%.16e", 1.7976931348623157e308);
    PRINT("4.9406564584124654e-324", "%.17g", 5e-324);
    PRINT("-0.0", "%.1f", -0.0);
    PRINT("123456789012345683968", "%.0f", 123456789012345683968.0);
}

static void test_scan(void) {
    int a = 0, b = 0, n = 0;
    long l = 0;
    unsigned int x = 0;
    double d = 0;
    float f = 0;
    char word[20] = "", set[20] = "", c = 0;

    CHECK("sscanf integers", sscanf(" 12 -34 0x1f", "%d%d%x", &a, &b, &x) == 3 && a == 12 &&
                                 b == -34 && x == 31);
    CHECK("sscanf %i", sscanf("010 0x10 10", "%i %i %ld", &a, &b, &l) == 3 && a == 8 && b == 16 &&
                           l == 10);
    CHECK("sscanf text", sscanf("key = value!", "%s = %[a-z]%c", word, set, &c) == 3 &&
                             !strcmp(word, "key") && !strcmp(set, "value") && c == '!');
    CHECK("sscanf floats", sscanf("1.5 -2e3", "%lf %f", &d, &f) == 2 && d == 1.5 && f == -2000);
    CHECK("sscanf widths", sscanf("123456", "%3d%*1d%n%d", &a, &n, &b) == 2 && a == 123 && n == 4 &&
                               b == 56);
    CHECK("sscanf mismatch", sscanf("5 x", "%d %d", &a, &b) == 1 && sscanf("x", "%d", &a) == 0);
    CHECK("sscanf at the end", sscanf("", "%d", &a) == EOF);
}

int main(void) {
    test_integers();
    test_texts();
    test_floats();
    test_scan();
    return check_done();
}
