/*
 * Lines of any length.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"

/* Makes room for need bytes in *line, doubling. */
static int line_reserve(char **line, size_t *size, size_t need) {
    size_t larger = *line == NULL || *size < 64 ? 128 : *size;
    char *grown;

    if (*line != NULL && need <= *size)
        return 0;
    while (larger < need)
        larger *= 2;
    grown = realloc(*line, larger);
    if (grown == NULL)
        return -1;
    *line = grown;
    *size = larger;
    return 0;
}

/*
 * Reads up to and with the delimiter into *line, of *size bytes, which is malloc'ed and grows
 * (start with NULL). Returns the length, or -1 at the end of the file or on an error.
 */
ssize_t getdelim(char **line, size_t *size, int delimiter, FILE *f) {
    HOLDING(&f->lock);
    size_t len = 0;
    char *found = NULL;

    if (stream_begin_read(f) == EOF)
        return -1;
    while (found == NULL) {
        size_t n;

        if (f->next == f->end && stream_fill(f) == EOF)
            break;
        n = f->end - f->next;
        found = memchr(f->next, delimiter, n);
        if (found != NULL)
            n = found - f->next + 1;
        if (line_reserve(line, size, len + n + 1) < 0) {
            f->failed = true;
            return -1;
        }
        memcpy(*line + len, f->next, n);
        f->next += n;
        len += n;
    }
    if (len == 0 || (found == NULL && f->failed))
        return -1;
    (*line)[len] = '\0';
    return len;
}

ssize_t getline(char **line, size_t *size, FILE *f) {
    return getdelim(line, size, '\n', f);
}
