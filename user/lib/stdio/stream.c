/*
 * Streams: opening, closing, and the list of those that are open.
 */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct stream in = { .fd = 0, .readable = true, .mode = -1 };
static struct stream out = { .fd = 1, .writable = true, .mode = -1, .following = &in };
static struct stream err = { .fd = 2, .writable = true, .mode = _IONBF, .following = &out };

FILE *const stdin = &in;
FILE *const stdout = &out;
FILE *const stderr = &err;

static FILE *streams = &err;

struct lock streams_lock; /* of their list */

int stream_flags(const char *mode) {
    bool both = strchr(mode, '+') != NULL;
    int flags = strchr(mode, 'e') != NULL ? O_CLOEXEC : 0;

    flags |= strchr(mode, 'x') != NULL ? O_EXCL : 0;
    switch (*mode) {
    case 'r':
        return flags | (both ? O_RDWR : O_RDONLY);
    case 'w':
        return flags | O_CREAT | O_TRUNC | (both ? O_RDWR : O_WRONLY);
    case 'a':
        return flags | O_CREAT | O_APPEND | (both ? O_RDWR : O_WRONLY);
    default:
        errno = EINVAL;
        return -1;
    }
}

static void stream_set(FILE *f, int fd, int flags) {
    f->fd = fd;
    f->readable = (flags & O_ACCMODE) != O_WRONLY;
    f->writable = (flags & O_ACCMODE) != O_RDONLY;
    f->mode = -1;
}

FILE *stream_open(int fd, const char *mode) {
    int flags = stream_flags(mode);
    FILE *f = flags < 0 ? NULL : calloc(1, sizeof(*f));

    if (f == NULL)
        return NULL;
    stream_set(f, fd, flags);
    f->allocated = true;
    HOLDING(&streams_lock);
    f->following = streams;
    streams = f;
    return f;
}

FILE *fopen(const char *path, const char *mode) {
    int flags = stream_flags(mode);
    int fd = flags < 0 ? -1 : open(path, flags, 0666);
    FILE *f;

    if (fd < 0)
        return NULL;
    f = stream_open(fd, mode);
    if (f == NULL)
        close(fd);
    return f;
}

FILE *fdopen(int fd, const char *mode) {
    int flags = stream_flags(mode);
    int old = flags < 0 ? -1 : fcntl(fd, F_GETFL);

    if (old < 0)
        return NULL;
    if ((flags & O_APPEND) && fcntl(fd, F_SETFL, old | O_APPEND) < 0)
        return NULL;
    return stream_open(fd, mode);
}

/* Writes out, closes and empties a stream, but leaves the FILE itself. */
static int stream_end(FILE *f) {
    HOLDING(&f->lock);
    int result = fflush(f);

    if (close(f->fd) < 0)
        result = EOF;
    if (f->owns_buffer)
        free(f->buf - UNGET_MAX);
    f->buf = f->next = f->end = NULL;
    f->owns_buffer = f->at_end = f->failed = false;
    return result;
}

static void stream_forget(FILE *f) {
    HOLDING(&streams_lock);
    FILE **link = &streams;

    while (*link != f)
        link = &(*link)->following;
    *link = f->following;
}

int fclose(FILE *f) {
    int result = stream_end(f);

    stream_forget(f);
    if (f->allocated)
        free(f);
    return result;
}

FILE *freopen(const char *path, const char *mode, FILE *f) {
    int flags = stream_flags(mode);
    int fd, old = f->fd;

    stream_end(f);
    fd = flags < 0 ? -1 : open(path, flags, 0666);
    if (fd < 0)
        return NULL;
    if (fd != old && dup3(fd, old, flags & O_CLOEXEC) == old) { /* keep 0, 1 and 2 in place */
        close(fd);
        fd = old;
    }
    stream_set(f, fd, flags);
    return f;
}

/*
 * Input that was read ahead is left alone: whoever shares the file goes on behind it, as in
 * every program that reads by blocks.
 */
void streams_flush(void) {
    HOLDING(&streams_lock);
    FILE *f;

    for (f = streams; f != NULL; f = f->following)
        if (f->state == STREAM_WRITING)
            fflush(f);
}

void streams_after_fork(void) {
    FILE *f;

    for (f = streams; f != NULL; f = f->following)
        f->lock = (struct lock){ 0 };
}
