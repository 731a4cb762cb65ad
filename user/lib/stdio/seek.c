/*
 * A stream's position.
 */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "stream.h"

int fseeko(FILE *f, off_t offset, int whence) {
    HOLDING(&f->lock);
    if (fflush(f) == EOF || lseek(f->fd, offset, whence) < 0)
        return -1;
    f->at_end = false;
    return 0;
}

int fseek(FILE *f, long offset, int whence) {
    return fseeko(f, offset, whence);
}

/* The kernel's position, less what was read ahead, or more by what is not written yet. */
off_t ftello(FILE *f) {
    HOLDING(&f->lock);
    off_t position = lseek(f->fd, 0, SEEK_CUR);

    if (position < 0)
        return -1;
    if (f->state == STREAM_READING)
        position -= f->end - f->next;
    if (f->state == STREAM_WRITING)
        position += f->next - f->buf;
    return position;
}

long ftell(FILE *f) {
    return ftello(f);
}

void rewind(FILE *f) {
    fseeko(f, 0, SEEK_SET);
    clearerr(f);
}
