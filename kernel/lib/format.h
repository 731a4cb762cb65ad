/*
 * The printf engine that the kernel's log and the user library's stdio share.
 *
 * %d %i %u %x %X %o %c %s %p %% with the flags "-+ #0", width and precision (also *), and
 * the lengths hh h l ll z t j. What is not in this list goes to the caller's extension (the
 * user library adds the floating-point conversions there; the kernel has no such registers),
 * or else is copied to the output as it stands.
 *
 * Nothing here sleeps, allocates or takes a lock; the emit function decides for itself.
 */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Takes the next n bytes of output; they are not NUL-terminated and not kept. */
typedef void format_emit_fn(void *arg, const char *s, size_t n);

/* Where the output goes, and how much there was so far. */
struct format_sink {
    format_emit_fn *emit;
    void *arg;
    size_t total;
};

enum format_flag {
    FORMAT_LEFT = 1 << 0,  /* - */
    FORMAT_PLUS = 1 << 1,  /* + */
    FORMAT_SPACE = 1 << 2, /* space */
    FORMAT_ALT = 1 << 3,   /* # */
    FORMAT_ZERO = 1 << 4,  /* 0 */
};

/* One conversion, decoded. */
struct format_spec {
    unsigned int flags; /* enum format_flag */
    int width;
    int precision; /* -1: none was given */
    int size;      /* bytes of an integer argument: 1, 2, 4 or 8 */
    char conversion;
};

/* A va_list that can be handed on by reference. */
struct format_args {
    va_list ap;
};

/* What a conversion puts into its width, in this order. */
struct format_field {
    const char *prefix; /* sign or 0x: precedes zero padding */
    size_t prefix_len;
    size_t zeros;
    const char *body;
    size_t body_len;
};

/*
 * A conversion that the engine does not know. It takes its argument from args, writes with
 * format_field and returns true; or returns false and has touched neither.
 */
typedef bool format_extension_fn(struct format_sink *sink, const struct format_spec *spec,
                                 struct format_args *args);

/*
 * Formats to emit(arg, ...), which is called once for each piece. Returns the number of bytes.
 */
int format(format_emit_fn *emit, void *arg, const char *fmt, va_list ap);

/* The same with more conversions; extension may be NULL. */
int format_extended(format_emit_fn *emit, void *arg, format_extension_fn *extension,
                    const char *fmt, va_list ap);

/*
 * For extensions: writes one field padded to spec's width, on the side that its flags say.
 * Zero padding applies when FORMAT_ZERO is set and FORMAT_LEFT is not.
 */
void format_field(struct format_sink *sink, const struct format_spec *spec,
                  const struct format_field *field);

/*
 * Into a buffer of size bytes, always ended by a NUL unless size is 0. Returns the length that
 * the whole output has: it was cut short if that is >= size.
 */
int format_buffer(char *buf, size_t size, format_extension_fn *extension, const char *fmt,
                  va_list ap);

/* The same without an extension (snprintf.c; the user library has its own, with floats). */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap);
int snprintf(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
