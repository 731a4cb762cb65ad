/*
 * sscanf: %d %i %u %x %o %p %c %s %[ %f %e %g %n %% with *, width and lengths.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer numbers are cut here. */
#define NUMBER_MAX 350

struct scan {
    const char *start;
    const char *s;
};

/* One conversion, decoded; set is what stands between the brackets of %[. */
struct conversion {
    bool discard;
    size_t width;
    int size; /* bytes of an integer target; of a floating one, 8 with l */
    char letter;
    const char *set;
    size_t set_len;
};

static const char *conversion_parse(const char *p, struct conversion *c) {
    *c = (struct conversion){ .width = SIZE_MAX, .size = sizeof(int) };
    if (*p == '*') {
        c->discard = true;
        p++;
    }
    if (isdigit((unsigned char)*p))
        c->width = strtoul(p, (char **)&p, 10);
    for (; *p == 'h'; p++)
        c->size /= 2;
    for (; *p == 'l' || *p == 'z' || *p == 'j' || *p == 't'; p++)
        c->size = 8;
    c->letter = *p;
    if (*p == '\0')
        return p;
    p++;
    if (c->letter == '[') {
        c->set = p;
        p += *p == '^';
        p += *p == ']';
        p += strcspn(p, "]");
        c->set_len = p - c->set;
        p += *p == ']';
    }
    return p;
}

static bool set_contains(const struct conversion *c, char wanted) {
    bool negated = c->set_len > 0 && c->set[0] == '^';
    size_t i = negated;
    bool found = false;

    for (; i < c->set_len; i++) {
        char low = c->set[i], high = low;

        if (i + 2 < c->set_len && c->set[i + 1] == '-') {
            high = c->set[i + 2];
            i += 2;
        }
        found |= low <= wanted && wanted <= high;
    }
    return found != negated;
}

static void integer_store(void *to, int size, uint64_t value) {
    memcpy(to, &value, size); /* little-endian: the low bytes come first */
}

static int base_of(char letter) {
    switch (letter) {
    case 'x':
    case 'X':
    case 'p':
        return 16;
    case 'o':
        return 8;
    case 'i':
        return 0;
    default:
        return 10;
    }
}

/* Integers and floating-point numbers. True when there was one. */
static bool number_scan(struct scan *scan, const struct conversion *c, void *to) {
    char text[NUMBER_MAX];
    uint64_t integer = 0;
    double real = 0;
    size_t room = c->width < sizeof(text) - 1 ? c->width + 1 : sizeof(text);
    char *end;

    strlcpy(text, scan->s, room);
    if (strchr("fFeEgG", c->letter) != NULL)
        real = strtod(text, &end);
    else if (c->letter == 'd' || c->letter == 'i')
        integer = strtol(text, &end, base_of(c->letter));
    else
        integer = strtoul(text, &end, base_of(c->letter));
    if (end == text)
        return false;
    scan->s += end - text;
    if (c->discard)
        return true;
    if (strchr("fFeEgG", c->letter) == NULL)
        integer_store(to, c->letter == 'p' ? 8 : c->size, integer);
    else if (c->size == 8)
        *(double *)to = real;
    else
        *(float *)to = real;
    return true;
}

/* %s, %[ and %c. True when at least one character (for %c, all of them) was there. */
static bool text_scan(struct scan *scan, const struct conversion *c, char *to) {
    size_t width = c->letter == 'c' && c->width == SIZE_MAX ? 1 : c->width;
    size_t n = 0;

    while (n < width && scan->s[n] != '\0' &&
           !(c->letter == 's' && isspace((unsigned char)scan->s[n])) &&
           !(c->letter == '[' && !set_contains(c, scan->s[n])))
        n++;
    if (n == 0 || (c->letter == 'c' && n < width))
        return false;
    if (!c->discard) {
        memcpy(to, scan->s, n);
        if (c->letter != 'c')
            to[n] = '\0';
    }
    scan->s += n;
    return true;
}

static void space_skip(struct scan *scan) {
    while (isspace((unsigned char)*scan->s))
        scan->s++;
}

static bool convert(struct scan *scan, const struct conversion *c, void *to) {
    switch (c->letter) {
    case 'n':
        integer_store(to, c->size, scan->s - scan->start);
        return true;
    case '%':
        space_skip(scan);
        return *scan->s == '%' && scan->s++;
    case 'c':
    case '[':
        return text_scan(scan, c, to);
    case 's':
        space_skip(scan);
        return text_scan(scan, c, to);
    default:
        space_skip(scan);
        return c->letter != '\0' && strchr("diuxXopfFeEgG", c->letter) != NULL &&
               number_scan(scan, c, to);
    }
}

/* Returns the number of values stored, or EOF when the text ended before the first. */
int vsscanf(const char *s, const char *fmt, va_list ap) {
    struct scan scan = { .start = s, .s = s };
    int stored = 0;

    while (*fmt != '\0') {
        struct conversion c;
        bool takes;

        if (isspace((unsigned char)*fmt)) {
            space_skip(&scan);
            fmt++;
            continue;
        }
        if (*fmt != '%') {
            if (*fmt++ != *scan.s)
                break;
            scan.s++;
            continue;
        }
        fmt = conversion_parse(fmt + 1, &c);
        takes = !c.discard && c.letter != '%';
        if (!convert(&scan, &c, takes ? va_arg(ap, void *) : NULL))
            return stored == 0 && *scan.s == '\0' ? EOF : stored;
        stored += takes && c.letter != 'n';
    }
    return stored;
}

int sscanf(const char *s, const char *fmt, ...) {
    va_list ap;
    int stored;

    va_start(ap, fmt);
    stored = vsscanf(s, fmt, ap);
    va_end(ap);
    return stored;
}
