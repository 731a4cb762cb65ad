/*
 * printf FORMAT [ARGUMENT]...: formatted output. Conversions %d %i %u %o %x %X %f %e %g %c %s
 * %b %% with flags, width (also *) and precision; the format is used again while arguments
 * are left.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cmd.h"
#include "common/escape.h"

static char **arguments;        /* what is left of them */
static bool stopped;            /* "\c" was met */

static const char *argument_take(void) {
    return *arguments ? *arguments++ : NULL;
}

/* The next argument as a number: decimal, 0octal, 0xhex or 'c for a character's code. */
static long long number_take(void) {
    const char *text = argument_take();
    if (text == NULL || *text == '\0')
        return 0;
    if (*text == '\'' || *text == '"')
        return (unsigned char)text[1];
    char *end;
    errno = 0;
    bool negative = *text == '-';
    long long value = negative ? strtoll(text, &end, 0) : (long long)strtoull(text, &end, 0);
    if (end == text || *end)
        cmd_warn("'%s': not a number", text);
    else if (errno)
        cmd_warn_errno("'%s'", text);
    return value;
}

static double fraction_take(void) {
    const char *text = argument_take();
    if (text == NULL || *text == '\0')
        return 0;
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end)
        cmd_warn("'%s': not a number", text);
    return value;
}

/* %b: the argument with its escapes decoded. */
static void escaped_argument_print(void) {
    const char *text = argument_take();
    while (text && *text) {
        int byte = (unsigned char)*text;
        if (byte == '\\')
            byte = escape_decode(&text, 1);
        else
            text++;
        if (byte == ESCAPE_STOP) {
            stopped = true;
            return;
        }
        putchar(byte);
    }
}

/* What stands between "%" and the conversion letter. */
struct conversion {
    char flags[8];
    int width, precision;       /* precision -1: none given */
};

static const char *count_parse(const char *p, int *value) {
    if (*p == '*') {
        *value = (int)number_take();
        return p + 1;
    }
    for (*value = 0; isdigit((unsigned char)*p) && *value < 100000; p++)
        *value = *value * 10 + (*p - '0');
    return p;
}

static const char *conversion_parse(const char *p, struct conversion *conversion) {
    size_t flags = strspn(p, "-+ #0");
    size_t kept = flags < sizeof(conversion->flags) ? flags : sizeof(conversion->flags) - 1;
    memcpy(conversion->flags, p, kept);
    conversion->flags[kept] = '\0';
    p = count_parse(p + flags, &conversion->width);
    conversion->precision = -1;
    if (*p == '.')
        p = count_parse(p + 1, &conversion->precision);
    return p;
}

/* Hands one conversion to the library's printf, with the format put together again. */
static void conversion_print(const struct conversion *conversion, char letter) {
    char format[32];
    bool number = strchr("diouxX", letter) != NULL;
    snprintf(format, sizeof(format), "%%%s*.*%s%c", conversion->flags, number ? "ll" : "", letter);
    if (number) {
        printf(format, conversion->width, conversion->precision, number_take());
        return;
    }
    if (strchr("fFeEgG", letter)) {
        printf(format, conversion->width, conversion->precision, fraction_take());
        return;
    }
    const char *text = argument_take();
    if (letter == 's') {
        printf(format, conversion->width, conversion->precision, text ? text : "");
    } else if (text && *text) {
        snprintf(format, sizeof(format), "%%%s*c", conversion->flags);
        printf(format, conversion->width, *text);
    }
}

static void format_print(const char *p) {
    while (*p && !stopped) {
        if (*p == '\\') {
            int byte = escape_decode(&p, 0);
            stopped = byte == ESCAPE_STOP;
            if (!stopped)
                putchar(byte);
        } else if (*p != '%') {
            putchar(*p++);
        } else if (p[1] == '%') {
            putchar('%');
            p += 2;
        } else {
            struct conversion conversion;
            p = conversion_parse(p + 1, &conversion);
            if (*p == 'b')
                escaped_argument_print();
            else if (*p && strchr("diouxXcsfFeEgG", *p))
                conversion_print(&conversion, *p);
            else
                cmd_die("invalid conversion: %%%c", *p ? *p : ' ');
            p++;
        }
    }
}

int main(int argc, char **argv) {
    int first = 1;
    cmd_begin(argv, 1);
    if (argc > 1 && strcmp(argv[1], "--") == 0)
        first++;
    if (first >= argc)
        cmd_usage("FORMAT [ARGUMENT]...");
    arguments = argv + first + 1;
    char **before;
    do {
        before = arguments;
        format_print(argv[first]);
    } while (*arguments && arguments != before && !stopped);
    return cmd_end(cmd_status);
}
