/*
 * The printf family: the engine of kernel/lib/format.c with floating point added, over
 * streams, descriptors and memory.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "float.h"
#include "stream.h"

/* The buffer that an unbuffered stream gets for the time of one call. */
#define CALL_BUFFER 512

static void stream_emit(void *arg, const char *s, size_t n) {
    fwrite(s, 1, n, arg);
}

/* Formats to a stream that has a buffer, or to one that has none but should write at once. */
static int format_at_once(FILE *f, const char *fmt, va_list ap) {
    char memory[CALL_BUFFER];
    struct stream once = {
        .fd = f->fd,
        .writable = true,
        .mode = _IOFBF,
        .state = STREAM_WRITING,
        .buf = memory,
        .next = memory,
        .size = sizeof(memory),
    };
    int total = format_extended(stream_emit, &once, float_format, fmt, ap);

    stream_drain(&once);
    f->failed |= once.failed;
    return once.failed ? -1 : total;
}

int vfprintf(FILE *f, const char *fmt, va_list ap) {
    HOLDING(&f->lock);
    bool failed_before = f->failed;
    int total;

    if (stream_begin_write(f) == EOF)
        return -1;
    if (f->mode == _IONBF)
        return format_at_once(f, fmt, ap);
    f->failed = false;
    total = format_extended(stream_emit, f, float_format, fmt, ap);
    if (f->failed)
        total = -1;
    f->failed |= failed_before;
    return total;
}

int vdprintf(int fd, const char *fmt, va_list ap) {
    struct stream f = { .fd = fd };

    return format_at_once(&f, fmt, ap);
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap) {
    return format_buffer(buf, size, float_format, fmt, ap);
}

int vsprintf(char *buf, const char *fmt, va_list ap) {
    return vsnprintf(buf, INT32_MAX, fmt, ap);
}

int vasprintf(char **out, const char *fmt, va_list ap) {
    int total = vsnprintf(NULL, 0, fmt, ap);

    *out = malloc(total + 1);
    return *out == NULL ? -1 : vsnprintf(*out, total + 1, fmt, ap);
}

int vprintf(const char *fmt, va_list ap) {
    return vfprintf(stdout, fmt, ap);
}

int printf(const char *fmt, ...) {
    va_list ap;
    int total;

    va_start(ap, fmt);
    total = vfprintf(stdout, fmt, ap);
    va_end(ap);
    return total;
}

int fprintf(FILE *f, const char *fmt, ...) {
    va_list ap;
    int total;

    va_start(ap, fmt);
    total = vfprintf(f, fmt, ap);
    va_end(ap);
    return total;
}

int dprintf(int fd, const char *fmt, ...) {
    va_list ap;
    int total;

    va_start(ap, fmt);
    total = vdprintf(fd, fmt, ap);
    va_end(ap);
    return total;
}

int sprintf(char *buf, const char *fmt, ...) {
    va_list ap;
    int total;

    va_start(ap, fmt);
    total = vsprintf(buf, fmt, ap);
    va_end(ap);
    return total;
}

int snprintf(char *buf, size_t size, const char *fmt, ...) {
    va_list ap;
    int total;

    va_start(ap, fmt);
    total = vsnprintf(buf, size, fmt, ap);
    va_end(ap);
    return total;
}

int asprintf(char **out, const char *fmt, ...) {
    va_list ap;
    int total;

    va_start(ap, fmt);
    total = vasprintf(out, fmt, ap);
    va_end(ap);
    return total;
}
