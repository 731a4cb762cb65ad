/*
 * %f, %e and %g: exact digits (stdlib/decimal.c), rounded to nearest, laid out as ISO C
 * 7.21.6.1 says.
 */
#include "float.h"

#include <ctype.h>
#include <string.h>

#include "../stdlib/decimal.h"

/* 309 digits before the point, as many after it as anybody will want, and an exponent. */
#define TEXT_MAX 640
#define PRECISION_MAX 300

struct text {
    char s[TEXT_MAX];
    size_t len;
};

static void put(struct text *t, char c) {
    t->s[t->len++] = c;
}

/* The digit at a place counted from the first one; zeros lie on both sides. */
static char digit_at(const struct decimal *d, int place) {
    return place >= 0 && place < d->count ? '0' + d->digit[place] : '0';
}

/* ddd.ddd with precision digits behind the point. */
static void fixed_put(struct text *t, const struct decimal *d, int precision, bool point) {
    int place;

    for (place = d->point > 0 ? 0 : d->point - 1; place < d->point; place++)
        put(t, digit_at(d, place));
    if (precision > 0 || point)
        put(t, '.');
    for (; place < d->point + precision; place++)
        put(t, digit_at(d, place));
}

/* d.ddde+dd */
static void scientific_put(struct text *t, const struct decimal *d, int precision, bool point,
                           char letter) {
    int exponent = d->count == 0 ? 0 : d->point - 1;
    int place;

    put(t, digit_at(d, 0));
    if (precision > 0 || point)
        put(t, '.');
    for (place = 1; place <= precision; place++)
        put(t, digit_at(d, place));
    put(t, letter);
    put(t, exponent < 0 ? '-' : '+');
    if (exponent < 0)
        exponent = -exponent;
    if (exponent >= 100)
        put(t, '0' + exponent / 100);
    put(t, '0' + exponent / 10 % 10);
    put(t, '0' + exponent % 10);
}

/* %g: the shorter form, without trailing zeros unless # was given. d is rounded. */
static void general_put(struct text *t, const struct decimal *d, int precision, bool alt,
                        char letter) {
    int exponent = d->count == 0 ? 0 : d->point - 1;

    if (exponent < -4 || exponent >= precision) {
        int shown = alt ? precision - 1 : d->count - 1;

        scientific_put(t, d, shown > 0 ? shown : 0, alt, letter);
    } else {
        int shown = (alt ? precision : d->count) - 1 - exponent;

        fixed_put(t, d, shown > 0 ? shown : 0, alt);
    }
}

static void finite_put(struct text *t, const struct format_spec *spec, double value) {
    int precision = spec->precision < 0 ? 6 : spec->precision;
    bool alt = spec->flags & FORMAT_ALT;
    char letter = isupper(spec->conversion) ? 'E' : 'e';
    struct decimal d;

    if (precision > PRECISION_MAX)
        precision = PRECISION_MAX;
    decimal_set(&d, value);
    switch (tolower(spec->conversion)) {
    case 'f':
        decimal_round(&d, d.point + precision);
        fixed_put(t, &d, precision, alt);
        break;
    case 'e':
        decimal_round(&d, precision + 1);
        scientific_put(t, &d, precision, alt, letter);
        break;
    case 'g':
        if (precision == 0)
            precision = 1;
        decimal_round(&d, precision);
        general_put(t, &d, precision, alt, letter);
        break;
    }
}

static const char *sign_text(unsigned int flags, bool negative) {
    if (negative)
        return "-";
    return flags & FORMAT_PLUS ? "+" : flags & FORMAT_SPACE ? " " : "";
}

bool float_format(struct format_sink *sink, const struct format_spec *spec,
                  struct format_args *args) {
    bool upper = isupper(spec->conversion);
    struct format_spec padded = *spec;
    struct format_field field = { 0 };
    struct text text = { .len = 0 };
    double value;

    if (spec->conversion == '\0' || strchr("fFeEgG", spec->conversion) == NULL)
        return false;
    value = va_arg(args->ap, double);
    field.prefix = sign_text(spec->flags, __builtin_signbit(value));
    field.prefix_len = strlen(field.prefix);
    field.body = text.s;
    if (__builtin_isfinite(value)) {
        finite_put(&text, spec, value);
        field.body_len = text.len;
    } else {
        field.body = __builtin_isnan(value) ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf");
        field.body_len = 3;
        padded.flags &= ~FORMAT_ZERO;
    }
    format_field(sink, &padded, &field);
    return true;
}
