/* Buffered input by block or by line, with no limit on a line and safe for any byte. */
#ifndef BIN_COMMON_READER_H
#define BIN_COMMON_READER_H

#include <stdbool.h>
#include <stddef.h>

/* How much the commands move at a time. */
#define BLOCK_SIZE 65536

struct reader {
    int fd;
    const char *name;       /* for messages */
    char *data;             /* `capacity` bytes; [start, end) is read and not yet handed out */
    size_t capacity, start, end;
    bool at_end;            /* the file has no more to give */
    bool terminated;        /* the last line ended in the delimiter */
};

/* A piece of the reader's buffer: valid until the next call on that reader. */
struct line {
    char *text;             /* text[length] is 0 */
    size_t length;
};

/* Opens `path`, or takes standard input for "-". On failure: reports, returns false. */
bool reader_open(struct reader *r, const char *path);

/* Closes, and leaves a seekable standard input where the handed-out part ended. */
void reader_close(struct reader *r);

/*
 * The next line without its delimiter; the last one may lack it (see `terminated`).
 * Returns false at the end, or after reporting a read error.
 */
bool reader_line(struct reader *r, int delimiter, struct line *line);

/* The next block of at least one byte. Returns false at the end or after an error. */
bool reader_block(struct reader *r, struct line *block);

/*
 * Calls `visit` for each of the files, or for standard input when there are
 * none. A file that cannot be opened is reported and left out.
 */
void reader_each(char **files, void (*visit)(struct reader *r));

#endif
