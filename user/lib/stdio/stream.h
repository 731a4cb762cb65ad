/*
 * What is inside a FILE. For the files of stdio/ only (and exit, which flushes).
 *
 * A stream has one buffer and is idle, reading or writing:
 *
 *     buf ........ next ........ end ........ buf + size
 *     reading:     given out | still to give
 *     writing:     still to write | room              (end is not used)
 *
 * A stream that reads and writes goes through idle in between: fflush or fseek.
 */
#ifndef LIBC_STREAM_H
#define LIBC_STREAM_H

#include <stdbool.h>
#include <stdio.h>

#include "../thread/lock.h"

/* Bytes kept free before buf, so that ungetc always has a place. */
#define UNGET_MAX 8

enum stream_state {
    STREAM_IDLE,
    STREAM_READING,
    STREAM_WRITING,
};

struct stream {
    struct lock lock; /* each public function holds it */
    int fd;
    bool readable;
    bool writable;
    bool at_end;
    bool failed;
    bool allocated; /* the FILE itself is malloc'ed */
    bool owns_buffer; /* buf - UNGET_MAX is malloc'ed */
    int mode; /* _IOFBF, _IOLBF, _IONBF; -1: not decided yet */
    enum stream_state state;
    char *buf;
    char *next;
    char *end;
    size_t size;
    char tiny[UNGET_MAX + 1]; /* the buffer of an unbuffered stream */
    pid_t child; /* popen's process, or 0 */
    FILE *following; /* the list of all open streams */
};

/* Decides buffering and finds a buffer, if that has not happened yet. Cannot fail. */
void stream_prepare(FILE *f);

/* Gets ready to read: 0, or EOF when f is not for reading or has unwritten data it cannot write. */
int stream_begin_read(FILE *f);

/* Reads more into an empty buffer. 0, or EOF at the end of the file or on an error. */
int stream_fill(FILE *f);

/* Gets ready to write: 0, or EOF when f is not for writing. */
int stream_begin_write(FILE *f);

/* Writes n bytes past the (empty) buffer. 0, or EOF on an error. */
int stream_write_through(FILE *f, const char *from, size_t n);

/* Writes the buffer out. 0, or EOF on an error; the data is gone then too. */
int stream_drain(FILE *f);

/* Takes all streams in use to the kernel. */
void streams_flush(void);

/* Makes a stream over fd from an fopen mode; NULL (errno set) when memory or the mode fails. */
FILE *stream_open(int fd, const char *mode);

/* The openat flags of an fopen mode, or -1 and EINVAL. */
int stream_flags(const char *mode);

#endif
