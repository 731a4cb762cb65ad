/* Buffered input by block or by line. */
#include "reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

bool reader_open(struct reader *r, const char *path) {
    memset(r, 0, sizeof(*r));
    r->name = path;
    if (strcmp(path, "-") == 0) {
        r->name = "standard input";
        r->fd = STDIN_FILENO;
    } else {
        r->fd = open(path, O_RDONLY);
    }
    if (r->fd < 0) {
        cmd_warn_errno("%s", path);
        return false;
    }
    r->capacity = BLOCK_SIZE;
    r->data = cmd_alloc(r->capacity + 1);
    return true;
}

void reader_close(struct reader *r) {
    if (r->fd != STDIN_FILENO)
        close(r->fd);
    else if (r->end > r->start)
        lseek(r->fd, -(off_t)(r->end - r->start), SEEK_CUR);    /* a pipe refuses: no matter */
    free(r->data);
    r->data = NULL;
}

/* Makes room behind `end`: moves the rest to the front, or doubles the buffer. */
static void make_room(struct reader *r) {
    if (r->start > 0) {
        memmove(r->data, r->data + r->start, r->end - r->start);
        r->end -= r->start;
        r->start = 0;
    }
    if (r->end == r->capacity) {
        r->capacity *= 2;
        r->data = cmd_realloc(r->data, r->capacity + 1);
    }
}

/* Reads more behind `end`. Returns false when nothing came. */
static bool fill(struct reader *r) {
    if (r->at_end)
        return false;
    if (r->start == r->end)
        r->start = r->end = 0;
    if (r->end == r->capacity)
        make_room(r);

    ssize_t n;
    do {
        n = read(r->fd, r->data + r->end, r->capacity - r->end);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        cmd_warn_errno("%s", r->name);
    if (n <= 0) {
        r->at_end = true;
        return false;
    }
    r->end += n;
    return true;
}

bool reader_line(struct reader *r, int delimiter, struct line *line) {
    size_t scanned = 0;
    char *hit;
    for (;;) {
        size_t left = r->end - r->start - scanned;
        hit = left ? memchr(r->data + r->start + scanned, delimiter, left) : NULL;
        scanned += left;
        if (hit || !fill(r))
            break;
    }
    if (!hit && r->start == r->end)
        return false;
    line->text = r->data + r->start;
    line->length = hit ? (size_t)(hit - line->text) : r->end - r->start;
    line->text[line->length] = '\0';
    r->terminated = hit != NULL;
    r->start += line->length + (hit ? 1 : 0);
    return true;
}

bool reader_block(struct reader *r, struct line *block) {
    if (r->start == r->end && !fill(r))
        return false;
    block->text = r->data + r->start;
    block->length = r->end - r->start;
    r->start = r->end;
    return true;
}

void reader_each(char **files, void (*visit)(struct reader *r)) {
    static char *standard_input[] = { "-", NULL };
    for (char **file = *files ? files : standard_input; *file; file++) {
        struct reader r;
        if (!reader_open(&r, *file))
            continue;
        visit(&r);
        reader_close(&r);
    }
}
