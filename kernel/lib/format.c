/*
 * The printf engine: a parser of conversions, two converters (integers and text), and one
 * function that pads. ISO C 7.21.6.1.
 */
#include "lib/format.h"

#include <stdint.h>

#include "lib/string.h"

/* Octal digits of 2^64 - 1. */
#define DIGITS_MAX 22

static void emit(struct format_sink *sink, const char *s, size_t n) {
    if (n > 0)
        sink->emit(sink->arg, s, n);
    sink->total += n;
}

static void emit_repeated(struct format_sink *sink, char c, size_t n) {
    char run[16];

    memset(run, c, sizeof(run));
    for (; n > sizeof(run); n -= sizeof(run))
        emit(sink, run, sizeof(run));
    emit(sink, run, n);
}

void format_field(struct format_sink *sink, const struct format_spec *spec,
                  const struct format_field *field) {
    size_t len = field->prefix_len + field->zeros + field->body_len;
    size_t width = spec->width > 0 ? spec->width : 0;
    size_t pad = width > len ? width - len : 0;
    bool left = spec->flags & FORMAT_LEFT;
    bool zero = !left && (spec->flags & FORMAT_ZERO);

    if (!left && !zero)
        emit_repeated(sink, ' ', pad);
    emit(sink, field->prefix, field->prefix_len);
    emit_repeated(sink, '0', field->zeros + (zero ? pad : 0));
    emit(sink, field->body, field->body_len);
    if (left)
        emit_repeated(sink, ' ', pad);
}

/* Reads an integer argument of spec's size; signed ones come back sign-extended. */
static uint64_t integer_argument(const struct format_spec *spec, struct format_args *args) {
    bool is_signed = spec->conversion == 'd' || spec->conversion == 'i';
    uint64_t value = spec->size == 8 ? va_arg(args->ap, uint64_t) : va_arg(args->ap, unsigned int);
    unsigned int unused = 64 - 8 * spec->size;

    value <<= unused;
    return is_signed ? (uint64_t)((int64_t)value >> unused) : value >> unused;
}

/* Writes value's digits so that they end just before end; returns where they begin. */
static char *digits_put(char *end, uint64_t value, unsigned int base, bool upper) {
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

    for (; value != 0; value /= base)
        *--end = digits[value % base];
    return end;
}

static const char *sign_prefix(const struct format_spec *spec, bool negative) {
    if (negative)
        return "-";
    if (spec->flags & FORMAT_PLUS)
        return "+";
    return spec->flags & FORMAT_SPACE ? " " : "";
}

/*
 * Writes the digits of an integer under its prefix. A precision is the least number of digits
 * (default 1) and switches zero padding off; # makes octal start with 0.
 */
static void integer_put(struct format_sink *sink, struct format_spec spec, uint64_t value,
                        unsigned int base, const char *prefix) {
    char digits[DIGITS_MAX];
    char *end = digits + sizeof(digits);
    struct format_field field = { .prefix = prefix, .prefix_len = strlen(prefix) };
    size_t least = spec.precision < 0 ? 1 : spec.precision;

    field.body = digits_put(end, value, base, spec.conversion == 'X');
    field.body_len = end - field.body;
    if (base == 8 && (spec.flags & FORMAT_ALT) && least <= field.body_len)
        least = field.body_len + 1;
    if (least > field.body_len)
        field.zeros = least - field.body_len;
    if (spec.precision >= 0)
        spec.flags &= ~FORMAT_ZERO;
    format_field(sink, &spec, &field);
}

static void signed_put(struct format_sink *sink, const struct format_spec *spec, int64_t value) {
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    integer_put(sink, *spec, magnitude, 10, sign_prefix(spec, value < 0));
}

static void hex_put(struct format_sink *sink, const struct format_spec *spec, uint64_t value) {
    const char *prefix = "";

    if ((spec->flags & FORMAT_ALT) && value != 0)
        prefix = spec->conversion == 'X' ? "0X" : "0x";
    integer_put(sink, *spec, value, 16, prefix);
}

static void text_put(struct format_sink *sink, struct format_spec spec, const char *s, size_t n) {
    struct format_field field = { .body = s, .body_len = n };

    spec.flags &= ~FORMAT_ZERO;
    format_field(sink, &spec, &field);
}

static void string_put(struct format_sink *sink, const struct format_spec *spec, const char *s) {
    if (s == NULL)
        s = "(null)";
    text_put(sink, *spec, s, spec->precision < 0 ? strlen(s) : strnlen(s, spec->precision));
}

/* Carries out one conversion; false when it is none that is known here. */
static bool convert(struct format_sink *sink, const struct format_spec *spec,
                    struct format_args *args) {
    char c;

    switch (spec->conversion) {
    case 'd':
    case 'i':
        signed_put(sink, spec, integer_argument(spec, args));
        return true;
    case 'u':
        integer_put(sink, *spec, integer_argument(spec, args), 10, "");
        return true;
    case 'o':
        integer_put(sink, *spec, integer_argument(spec, args), 8, "");
        return true;
    case 'x':
    case 'X':
        hex_put(sink, spec, integer_argument(spec, args));
        return true;
    case 'p':
        integer_put(sink, *spec, (uintptr_t)va_arg(args->ap, void *), 16, "0x");
        return true;
    case 'c':
        c = va_arg(args->ap, int);
        text_put(sink, *spec, &c, 1);
        return true;
    case 's':
        string_put(sink, spec, va_arg(args->ap, const char *));
        return true;
    case '%':
        emit(sink, "%", 1);
        return true;
    default:
        return false;
    }
}

static const char *flags_parse(const char *p, unsigned int *flags) {
    static const char letters[] = "-+ #0"; /* in the order of enum format_flag */
    const char *found;

    *flags = 0;
    while (*p != '\0' && (found = strchr(letters, *p)) != NULL) {
        *flags |= 1u << (found - letters);
        p++;
    }
    return p;
}

/* A decimal number or * (the next int argument); 0 when there is none. */
static const char *number_parse(const char *p, int *number, struct format_args *args) {
    unsigned int n = 0;

    if (*p == '*') {
        *number = va_arg(args->ap, int);
        return p + 1;
    }
    for (; *p >= '0' && *p <= '9'; p++)
        if (n < INT32_MAX / 10 - 1)
            n = 10 * n + (*p - '0');
    *number = n;
    return p;
}

static const char *length_parse(const char *p, int *size) {
    *size = sizeof(int);
    switch (*p) {
    case 'h':
        *size = p[1] == 'h' ? 1 : 2;
        return p + (p[1] == 'h' ? 2 : 1);
    case 'l':
        *size = 8;
        return p + (p[1] == 'l' ? 2 : 1);
    case 'z':
    case 't':
    case 'j':
        *size = 8;
        return p + 1;
    default:
        return p;
    }
}

/* Decodes the conversion whose % precedes p; returns where its letter stands. */
static const char *spec_parse(const char *p, struct format_spec *spec, struct format_args *args) {
    p = flags_parse(p, &spec->flags);
    p = number_parse(p, &spec->width, args);
    if (spec->width < 0) {
        spec->flags |= FORMAT_LEFT;
        spec->width = spec->width == INT32_MIN ? INT32_MAX : -spec->width;
    }
    spec->precision = -1;
    if (*p == '.')
        p = number_parse(p + 1, &spec->precision, args);
    p = length_parse(p, &spec->size);
    spec->conversion = *p;
    return p;
}

int format_extended(format_emit_fn *emit_fn, void *arg, format_extension_fn *extension,
                    const char *fmt, va_list ap) {
    struct format_sink sink = { .emit = emit_fn, .arg = arg };
    struct format_args args;

    va_copy(args.ap, ap);
    while (*fmt != '\0') {
        const char *percent = fmt;
        struct format_spec spec;

        while (*percent != '\0' && *percent != '%')
            percent++;
        emit(&sink, fmt, percent - fmt);
        if (*percent == '\0')
            break;
        fmt = spec_parse(percent + 1, &spec, &args);
        if (*fmt != '\0')
            fmt++;
        if (!convert(&sink, &spec, &args) &&
            !(extension != NULL && extension(&sink, &spec, &args)))
            emit(&sink, percent, fmt - percent);
    }
    va_end(args.ap);
    return sink.total;
}

int format(format_emit_fn *emit_fn, void *arg, const char *fmt, va_list ap) {
    return format_extended(emit_fn, arg, NULL, fmt, ap);
}

/* What is left of a buffer, its last byte kept for the NUL. */
struct buffer {
    char *next;
    size_t left;
};

static void buffer_emit(void *arg, const char *s, size_t n) {
    struct buffer *buffer = arg;

    if (n > buffer->left)
        n = buffer->left;
    memcpy(buffer->next, s, n);
    buffer->next += n;
    buffer->left -= n;
}

int format_buffer(char *buf, size_t size, format_extension_fn *extension, const char *fmt,
                  va_list ap) {
    struct buffer buffer = { .next = buf, .left = size > 0 ? size - 1 : 0 };
    int total = format_extended(buffer_emit, &buffer, extension, fmt, ap);

    if (size > 0)
        *buffer.next = '\0';
    return total;
}
