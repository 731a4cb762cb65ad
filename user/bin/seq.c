/*
 * seq [-w] [-s TEXT] [FIRST [STEP]] LAST: prints numbers. Decimal fractions are counted as whole
 * numbers of the smallest unit that occurs, so that nothing is rounded.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cmd.h"

#define USAGE "[-w] [-s TEXT] [FIRST [STEP]] LAST"
#define DECIMALS_MAX 9

/* The number of digits behind the point. */
static int decimals_count(const char *text) {
    const char *point = strchr(text, '.');
    return point ? (int)strlen(point + 1) : 0;
}

/* The number in units of 10^-decimals. */
static long long number_take(const char *text, int decimals) {
    const char *p = text;
    bool negative = *p == '-', any = false, bad = false, behind = false;
    long long value = 0;
    if (*p == '-' || *p == '+')
        p++;
    for (; *p; p++) {
        if (*p == '.' && !behind) {
            behind = true;
            continue;
        }
        if (*p < '0' || *p > '9')
            cmd_die("invalid number: '%s'", text);
        any = true;
        decimals -= behind;
        bad |= __builtin_mul_overflow(value, 10, &value) ||
               __builtin_add_overflow(value, *p - '0', &value);
    }
    for (; decimals > 0; decimals--)
        bad |= __builtin_mul_overflow(value, 10, &value);
    if (!any || bad)
        cmd_die("invalid number: '%s'", text);
    return negative ? -value : value;
}

static int number_format(char *out, size_t size, long long value, int decimals) {
    unsigned long long magnitude = value < 0 ? 0ull - value : (unsigned long long)value, scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    const char *sign = value < 0 ? "-" : "";
    if (decimals == 0)
        return snprintf(out, size, "%s%llu", sign, magnitude);
    return snprintf(out, size, "%s%llu.%0*llu", sign, magnitude / scale, decimals,
                    magnitude % scale);
}

static void number_print(long long value, int decimals, int width) {
    char text[48];
    int length = number_format(text, sizeof(text), value, decimals);
    const char *digits = text;
    if (*digits == '-') {
        putchar(*digits++);
    }
    for (; length < width; length++)
        putchar('0');
    fputs(digits, stdout);
}

static void sequence_print(const long long *limits, int decimals, int width, const char *separator) {
    long long value = limits[0], step = limits[1], last = limits[2];
    bool any = false;
    while ((step > 0 ? value <= last : value >= last) && !ferror(stdout)) {
        if (any)
            fputs(separator, stdout);
        number_print(value, decimals, width);
        any = true;
        if (__builtin_add_overflow(value, step, &value))
            break;
    }
    if (any)
        putchar('\n');
}

int main(int argc, char **argv) {
    const char *separator = "\n", *texts[3] = { "1", "1", NULL };
    bool pad = false;
    int i = 1, decimals = 0, width = 0;
    cmd_begin(argv, 1);
    /* By hand: getopt would take "-5" for an option. */
    for (; i < argc && argv[i][0] == '-' && (argv[i][1] == 'w' || argv[i][1] == 's'); i++) {
        if (argv[i][1] == 'w')
            pad = true;
        else if (argv[i][2])
            separator = argv[i] + 2;
        else if (++i < argc)
            separator = argv[i];
    }
    if (i < argc && strcmp(argv[i], "--") == 0)
        i++;
    int count = argc - i;
    if (count < 1 || count > 3)
        cmd_usage(USAGE);
    texts[2] = argv[argc - 1];
    if (count > 1)
        texts[0] = argv[i];
    if (count > 2)
        texts[1] = argv[i + 1];

    long long limits[3];
    for (int k = 0; k < 3; k++)
        decimals = decimals_count(texts[k]) > decimals ? decimals_count(texts[k]) : decimals;
    if (decimals > DECIMALS_MAX)
        cmd_die("more than %d decimals", DECIMALS_MAX);
    for (int k = 0; k < 3; k++) {
        char text[48];
        limits[k] = number_take(texts[k], decimals);
        int length = number_format(text, sizeof(text), limits[k], decimals);
        if (pad && k != 1 && length > width)
            width = length;
    }
    if (limits[1] == 0)
        cmd_die("the step must not be 0");
    sequence_print(limits, decimals, width, separator);
    return cmd_end(0);
}
