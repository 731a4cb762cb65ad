/*
 * Reading from streams.
 */
#include <string.h>

#include "stream.h"

int fgetc(FILE *f) {
    HOLDING(&f->lock);
    if (stream_begin_read(f) == EOF)
        return EOF;
    if (f->next == f->end && stream_fill(f) == EOF)
        return EOF;
    return (unsigned char)*f->next++;
}

int getc(FILE *f) {
    return fgetc(f);
}

int getchar(void) {
    return fgetc(stdin);
}

/* At least UNGET_MAX bytes can be given back in a row. */
int ungetc(int c, FILE *f) {
    HOLDING(&f->lock);
    if (c == EOF || stream_begin_read(f) == EOF || f->next == f->buf - UNGET_MAX)
        return EOF;
    *--f->next = c;
    f->at_end = false;
    return (unsigned char)c;
}

/* Takes up to n bytes out of the buffer, after filling it if it is empty. 0 at the end. */
static size_t buffer_take(FILE *f, char *to, size_t n) {
    size_t have;

    if (f->next == f->end && stream_fill(f) == EOF)
        return 0;
    have = f->end - f->next;
    if (n > have)
        n = have;
    memcpy(to, f->next, n);
    f->next += n;
    return n;
}

size_t fread(void *buf, size_t size, size_t count, FILE *f) {
    HOLDING(&f->lock);
    size_t total, got = 0, n = 1;

    if (__builtin_mul_overflow(size, count, &total) || total == 0 ||
        stream_begin_read(f) == EOF)
        return 0;
    while (got < total && n > 0) {
        n = buffer_take(f, (char *)buf + got, total - got);
        got += n;
    }
    return got / size;
}

/* A line with its newline, if it fits and has one. */
char *fgets(char *buf, int size, FILE *f) {
    HOLDING(&f->lock);
    int n = 0;
    int c = 0;

    while (n < size - 1 && c != '\n' && (c = fgetc(f)) != EOF)
        buf[n++] = c;
    if (size <= 0 || (n == 0 && size > 1) || (c == EOF && f->failed))
        return NULL;
    buf[n] = '\0';
    return buf;
}

int feof(FILE *f) {
    return f->at_end;
}

int ferror(FILE *f) {
    return f->failed;
}

void clearerr(FILE *f) {
    f->at_end = f->failed = false;
}

int fileno(FILE *f) {
    return f->fd;
}
