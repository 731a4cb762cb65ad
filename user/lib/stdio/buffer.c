/*
 * A stream's buffer: between the calls by the byte and the system calls by the block.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "stream.h"

void stream_prepare(FILE *f) {
    char *memory = NULL;

    if (f->buf != NULL)
        return;
    if (f->mode != _IONBF)
        memory = malloc(UNGET_MAX + BUFSIZ);
    if (f->mode < 0) {
        int saved = errno;

        f->mode = isatty(f->fd) ? _IOLBF : _IOFBF;
        errno = saved;
    }
    f->owns_buffer = memory != NULL;
    f->buf = memory != NULL ? memory + UNGET_MAX : f->tiny + UNGET_MAX;
    f->size = memory != NULL ? BUFSIZ : 1;
    f->next = f->end = f->buf;
}

int setvbuf(FILE *f, char *buf, int mode, size_t size) {
    if (f->state != STREAM_IDLE || f->buf != NULL || mode < _IOFBF || mode > _IONBF)
        return EOF;
    f->mode = mode;
    if (buf != NULL && mode != _IONBF && size > 2 * UNGET_MAX) {
        f->buf = f->next = f->end = buf + UNGET_MAX;
        f->size = size - UNGET_MAX;
    }
    return 0;
}

void setbuf(FILE *f, char *buf) {
    setvbuf(f, buf, buf != NULL ? _IOFBF : _IONBF, BUFSIZ);
}

void setlinebuf(FILE *f) {
    setvbuf(f, NULL, _IOLBF, 0);
}

int stream_begin_read(FILE *f) {
    if (f->state == STREAM_READING)
        return 0;
    if (!f->readable) {
        errno = EBADF;
        f->failed = true;
        return EOF;
    }
    if (fflush(f) == EOF)
        return EOF;
    stream_prepare(f);
    f->next = f->end = f->buf;
    f->state = STREAM_READING;
    return 0;
}

int stream_fill(FILE *f) {
    ssize_t n;

    /* A prompt must be seen before its answer is waited for. */
    if (stdout->state == STREAM_WRITING && stdout->mode == _IOLBF && f != stdout)
        fflush(stdout);
    n = read(f->fd, f->buf, f->size);
    if (n == 0)
        f->at_end = true;
    if (n < 0)
        f->failed = true;
    f->next = f->buf;
    f->end = f->buf + (n > 0 ? n : 0);
    return n > 0 ? 0 : EOF;
}

int stream_begin_write(FILE *f) {
    if (f->state == STREAM_WRITING)
        return 0;
    if (!f->writable) {
        errno = EBADF;
        f->failed = true;
        return EOF;
    }
    fflush(f); /* of a reader: puts the file's position where the program is */
    stream_prepare(f);
    f->next = f->buf;
    f->state = STREAM_WRITING;
    return 0;
}

int stream_write_through(FILE *f, const char *from, size_t n) {
    while (n > 0) {
        ssize_t done = write(f->fd, from, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0) {
            f->failed = true;
            return EOF;
        }
        from += done;
        n -= done;
    }
    return 0;
}

int stream_drain(FILE *f) {
    size_t n = f->next - f->buf;

    f->next = f->buf;
    return stream_write_through(f, f->buf, n);
}

/*
 * What a writer holds goes to the kernel. What a reader holds is given back, where the file
 * has positions, so that the next one who reads the descriptor finds it.
 */
int fflush(FILE *f) {
    int result = 0;

    if (f == NULL) {
        streams_flush();
        return 0;
    }
    HOLDING(&f->lock);
    if (f->state == STREAM_WRITING)
        result = stream_drain(f);
    if (f->state == STREAM_READING && f->next < f->end) {
        int saved = errno;

        lseek(f->fd, f->next - f->end, SEEK_CUR);
        errno = saved;
    }
    f->state = STREAM_IDLE;
    return result;
}
