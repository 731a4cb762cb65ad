/*
 * Numbers from text, sorting, options, the environment.
 */
#include "common/check.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool converts(const char *s, int base, long expected, size_t used, int error) {
    char *end;
    long value;

    errno = 0;
    value = strtol(s, &end, base);
    return value == expected && (size_t)(end - s) == used && errno == error;
}

static void test_integers(void) {
    CHECK("strtol", converts("  -42x", 10, -42, 5, 0) && converts("+7", 10, 7, 2, 0));
    CHECK("strtol bases", converts("0x1F", 0, 31, 4, 0) && converts("017", 0, 15, 3, 0) &&
                              converts("z", 36, 35, 1, 0) && converts("0xg", 16, 0, 1, 0));
    CHECK("strtol of nothing", converts("  ", 10, 0, 0, 0) && converts("-", 10, 0, 0, 0));
    CHECK("strtol limits", converts("9223372036854775807", 10, LONG_MAX, 19, 0) &&
                               converts("-9223372036854775808", 10, LONG_MIN, 20, 0));
    CHECK("strtol overflow", converts("9223372036854775808", 10, LONG_MAX, 19, ERANGE) &&
                                 converts("-9223372036854775809", 10, LONG_MIN, 20, ERANGE));
    CHECK("strtoul", strtoul("18446744073709551615", NULL, 10) == ULONG_MAX &&
                         strtoul("-1", NULL, 10) == ULONG_MAX);
    CHECK("atoi", atoi("12ab") == 12 && atol("-5") == -5);
}

static bool reads(const char *s, double expected, size_t used) {
    char *end;
    double value = strtod(s, &end);

    return memcmp(&value, &expected, sizeof(value)) == 0 && (size_t)(end - s) == used;
}

static void test_floats(void) {
    CHECK("strtod", reads(" 1.5x", 1.5, 4) && reads("-0", -0.0, 2) && reads(".5e1", 5, 4));
    CHECK("strtod exponents", reads("1e", 1, 1) && reads("1e+", 1, 1) && reads("1e-2", 0.01, 4));
    CHECK("strtod of nothing", reads(".", 0, 0) && reads("e5", 0, 0));
    CHECK("strtod is exact", reads("0.1", 0.1, 3) && reads("3.14159265358979", 3.14159265358979, 16));
    CHECK("strtod extremes", reads("1.7976931348623157e308", 1.7976931348623157e308, 22) &&
                                 reads("2.2250738585072011e-308", 2.2250738585072011e-308, 23) &&
                                 reads("5e-324", 5e-324, 6));
    CHECK("strtod overflow", reads("1e400", 1 / 0., 5) && reads("1e-400", 0, 6) &&
                                 reads("inf", 1 / 0., 3));
    CHECK("strtod ties", reads("9007199254740993", 9007199254740992.0, 16) &&
                             reads("9007199254740993.00000000000000000001", 9007199254740994.0, 37));
}

static int int_compare(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;

    return (x > y) - (x < y);
}

static bool sorts(int *v, size_t n) {
    size_t i;

    qsort(v, n, sizeof(*v), int_compare);
    for (i = 1; i < n; i++)
        if (v[i - 1] > v[i])
            return false;
    return true;
}

static void test_sort(void) {
    static int v[5000];
    int i, key = 21, ok = 1;

    for (i = 0; i < 5000; i++)
        v[i] = rand();
    CHECK("qsort random", sorts(v, 5000) && sorts(v, 5000));
    for (i = 0; i < 5000; i++)
        v[i] = i % 2 ? 7 : -i;
    CHECK("qsort with equals", sorts(v, 5000) && sorts(v, 0) && sorts(v, 1) && sorts(v, 2));
    for (i = 0; i < 100; i++)
        v[i] = 3 * i;
    ok = bsearch(&key, v, 100, sizeof(*v), int_compare) == &v[7];
    key = 22;
    CHECK("bsearch", ok && bsearch(&key, v, 100, sizeof(*v), int_compare) == NULL);
}

static void test_options(void) {
    static const struct option longs[] = {
        { "all", no_argument, NULL, 'a' },
        { "size", required_argument, NULL, 's' },
        { "colour", optional_argument, NULL, 'c' },
        { NULL, 0, NULL, 0 },
    };
    char *argv[] = { "prog", "-ab", "x", "-n5", "--size", "9", "--colour=red", "--al", "y", "-n",
                     "6", "--", "-z", NULL };
    char seen[80] = "";
    int c;

    optind = 1;
    opterr = 0;
    while ((c = getopt_long(13, argv, "abn:", longs, NULL)) != -1)
        snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%c%s ", c,
                 optarg != NULL ? optarg : "");
    check_text("getopt_long", seen, "a b n5 s9 cred a n6 ");
    CHECK("getopt_long moves operands", optind == 10 && strcmp(argv[10], "x") == 0 &&
                                            strcmp(argv[11], "y") == 0 &&
                                            strcmp(argv[12], "-z") == 0);
}

static void test_option_errors(void) {
    char *argv[] = { "prog", "-q", "-n", NULL };
    char *ordered[] = { "prog", "-a", "cmd", "-b", NULL };
    int unknown, missing;

    optind = 1;
    unknown = getopt(3, argv, ":n:");
    CHECK("getopt unknown", unknown == '?' && optopt == 'q');
    missing = getopt(3, argv, ":n:");
    CHECK("getopt missing argument", missing == ':' && optopt == 'n');
    CHECK("getopt end", getopt(3, argv, ":n:") == -1 && optind == 3);
    optind = 1;
    CHECK("getopt in order", getopt(4, ordered, "+ab") == 'a' && getopt(4, ordered, "+ab") == -1 &&
                                 optind == 2);
}

static void test_environment(void) {
    CHECK("getenv", getenv("NO_SUCH_VARIABLE") == NULL);
    CHECK("setenv", setenv("COLOUR", "red", 1) == 0 && strcmp(getenv("COLOUR"), "red") == 0);
    setenv("COLOUR", "blue", 0);
    check_text("setenv keeps", getenv("COLOUR"), "red");
    setenv("COLOUR", "green", 1);
    check_text("setenv replaces", getenv("COLOUR"), "green");
    CHECK("unsetenv", unsetenv("COLOUR") == 0 && getenv("COLOUR") == NULL);
    errno = 0;
    CHECK("setenv refuses", setenv("A=B", "x", 1) == -1 && errno == EINVAL);
}

static jmp_buf nest;

static void leap(void) {
    longjmp(nest, 0);
}

static void test_jump(void) {
    volatile int returns = 0;
    int value = setjmp(nest);

    if (returns++ == 0)
        leap();
    CHECK("longjmp", value == 1 && returns == 2);
}

int main(void) {
    test_integers();
    test_floats();
    test_sort();
    test_options();
    test_option_errors();
    test_environment();
    test_jump();
    return check_done();
}
