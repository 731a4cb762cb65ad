/*
 * Writing to streams.
 */
#include <string.h>

#include "stream.h"

/*
 * Puts all n bytes into the buffer, emptying it whenever it is full; what would fill it by
 * itself does not go through it (so an unbuffered stream, whose buffer is one byte, writes at
 * once).
 */
static int buffer_put(FILE *f, const char *from, size_t n) {
    while (n > 0) {
        size_t room = f->size - (f->next - f->buf);
        size_t part = n < room ? n : room;

        if (f->next == f->buf && n >= f->size)
            return stream_write_through(f, from, n);
        memcpy(f->next, from, part);
        f->next += part;
        from += part;
        n -= part;
        if (part == room && stream_drain(f) == EOF)
            return EOF;
    }
    return 0;
}

size_t fwrite(const void *buf, size_t size, size_t count, FILE *f) {
    HOLDING(&f->lock);
    size_t total;

    if (__builtin_mul_overflow(size, count, &total) || total == 0 ||
        stream_begin_write(f) == EOF || buffer_put(f, buf, total) == EOF)
        return 0;
    if (f->mode == _IOLBF && memchr(buf, '\n', total) != NULL && stream_drain(f) == EOF)
        return 0;
    return count;
}

int fputc(int c, FILE *f) {
    HOLDING(&f->lock);
    char byte = c;

    /* The way of almost every byte: there is room for it and one more. */
    if (f->state == STREAM_WRITING && f->next + 1 < f->buf + f->size &&
        (f->mode == _IOFBF || byte != '\n'))
        *f->next++ = byte;
    else if (fwrite(&byte, 1, 1, f) == 0)
        return EOF;
    return (unsigned char)c;
}

int putc(int c, FILE *f) {
    return fputc(c, f);
}

int putchar(int c) {
    return fputc(c, stdout);
}

int fputs(const char *s, FILE *f) {
    size_t n = strlen(s);

    return n > 0 && fwrite(s, 1, n, f) == 0 ? EOF : 0;
}

int puts(const char *s) {
    return fputs(s, stdout) == EOF || putchar('\n') == EOF ? EOF : 0;
}
