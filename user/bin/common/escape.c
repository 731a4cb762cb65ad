/* Backslash escapes as in echo -e, printf and tr. */
#include "escape.h"

#include <ctype.h>
#include <string.h>

static int hex_digit(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static int octal_decode(const char **text, int limit) {
    int value = 0;
    const char *p = *text;
    while (limit-- > 0 && *p >= '0' && *p <= '7')
        value = value * 8 + (*p++ - '0');
    *text = p;
    return value & 0xff;
}

static int hex_decode(const char **text) {
    int value = 0;
    const char *p = *text;
    for (int i = 0; i < 2 && isxdigit((unsigned char)*p); i++)
        value = value * 16 + hex_digit(*p++);
    *text = p;
    return value;
}

int escape_decode(const char **text, int leading_zero) {
    static const char letters[] = "abefnrtv\\";
    static const char bytes[] = "\a\b\033\f\n\r\t\v\\";
    const char *p = *text + 1;
    const char *hit = *p ? strchr(letters, *p) : NULL;

    *text = p + 1;
    if (hit)
        return bytes[hit - letters];
    if (*p == 'c')
        return ESCAPE_STOP;
    if (*p == 'x' && isxdigit((unsigned char)p[1]))
        return hex_decode(text);
    if (*p >= '0' && *p <= '7') {
        *text = leading_zero && *p == '0' ? p + 1 : p;
        return octal_decode(text, 3);
    }
    *text = p;
    return '\\';
}
