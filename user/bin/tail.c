/*
 * tail [-n [+]LINES | -c [+]BYTES | -LINES] [-f] [-q] [FILE]...: the end of files.
 * +N counts from the beginning; -f goes on printing what is appended to the last file.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/reader.h"

#define USAGE "[-n [+]LINES | -c [+]BYTES] [-fq] [FILE]..."

static long long limit = 10;
static bool count_bytes, from_start, follow;

/* The last `limit` lines seen, in a ring that grows up to that many. */
struct ring {
    struct line *lines;
    size_t size, next;
};

static void ring_put(struct ring *ring, const struct line *line) {
    if (limit == 0)
        return;
    if (ring->size < (size_t)limit) {
        if ((ring->size & (ring->size - 1)) == 0)
            ring->lines = cmd_realloc(ring->lines, (ring->size * 2 + 1) * sizeof(*ring->lines));
        memset(&ring->lines[ring->size++], 0, sizeof(*ring->lines));
    }
    struct line *slot = &ring->lines[ring->next];
    ring->next = (ring->next + 1) % (size_t)limit;
    slot->text = cmd_realloc(slot->text, line->length);
    slot->length = line->length;
    memcpy(slot->text, line->text, line->length);
}

static void ring_print(struct ring *ring, bool terminated) {
    size_t first = ring->size == (size_t)limit ? ring->next : 0;
    for (size_t i = 0; i < ring->size; i++) {
        struct line *line = &ring->lines[(first + i) % ring->size];
        fwrite(line->text, 1, line->length, stdout);
        if (i + 1 < ring->size || terminated)
            putchar('\n');
        free(line->text);
    }
    free(ring->lines);
}

static void last_lines_print(struct reader *r) {
    struct ring ring = { NULL, 0, 0 };
    struct line line;
    while (reader_line(r, '\n', &line))
        ring_put(&ring, &line);
    ring_print(&ring, r->terminated);
}

static void last_bytes_print(struct reader *r) {
    /* Two windows of `limit` bytes would do; one that grows and is cut is simpler. */
    char *kept = NULL;
    size_t length = 0, wanted = limit;
    struct line block;
    while (reader_block(r, &block)) {
        if (length > wanted) {
            memmove(kept, kept + (length - wanted), wanted);
            length = wanted;
        }
        kept = cmd_realloc(kept, length + block.length);
        memcpy(kept + length, block.text, block.length);
        length += block.length;
    }
    size_t skipped = length > wanted ? length - wanted : 0;
    fwrite(kept ? kept + skipped : "", 1, length - skipped, stdout);
    free(kept);
}

static void rest_print(struct reader *r) {
    struct line block;
    while (reader_block(r, &block))
        fwrite(block.text, 1, block.length, stdout);
}

/* +N: everything from line or byte N (counted from 1) on. */
static void from_start_print(struct reader *r) {
    struct line piece;
    long long left = limit > 0 ? limit - 1 : 0;
    while (!count_bytes && left > 0 && reader_line(r, '\n', &piece))
        left--;
    while (count_bytes && left > 0 && reader_block(r, &piece)) {
        if ((long long)piece.length > left) {
            r->start -= piece.length - left;
            piece.length = left;
        }
        left -= piece.length;
    }
    rest_print(r);
}

/* A regular file's end needs no reading of all that is before it. */
static void near_end_seek(struct reader *r) {
    off_t here = lseek(r->fd, 0, SEEK_CUR);
    off_t size = here < 0 ? -1 : lseek(r->fd, 0, SEEK_END);
    if (size < 0)
        return;
    lseek(r->fd, size - here > limit ? size - limit : here, SEEK_SET);
}

static void appended_print(struct reader *r) {
    const struct timespec pause = { .tv_sec = 0, .tv_nsec = 200000000 };
    for (;;) {
        fflush(stdout);
        nanosleep(&pause, NULL);
        r->at_end = false;      /* ask the file again */
        rest_print(r);
    }
}

static void file_print(struct reader *r, bool last) {
    if (from_start) {
        from_start_print(r);
    } else if (count_bytes) {
        near_end_seek(r);
        last_bytes_print(r);
    } else {
        last_lines_print(r);
    }
    if (follow && last)
        appended_print(r);
}

static void files_print(char **files, bool titles) {
    const char *gap = "";
    for (char **file = files; *file; file++) {
        struct reader r;
        if (!reader_open(&r, *file))
            continue;
        if (titles)
            printf("%s==> %s <==\n", gap, r.name);
        gap = "\n";
        file_print(&r, file[1] == NULL);
        reader_close(&r);
    }
}

static void limit_take(const char *text) {
    from_start = *text == '+';
    limit = size_require(text, "count");
    if (limit < 0)
        limit = -limit;
}

int main(int argc, char **argv) {
    static char *standard_input[] = { "-", NULL };
    int option;
    bool quiet = false;
    cmd_begin(argv, 1);
    if (argc > 1 && (argv[1][0] == '-' || argv[1][0] == '+') &&
        isdigit((unsigned char)argv[1][1])) {
        limit_take(argv[1]);
        argv++, argc--;
    }
    while ((option = getopt(argc, argv, "n:c:fq")) != -1) {
        if (option == 'n' || option == 'c') {
            count_bytes = option == 'c';
            limit_take(optarg);
        } else if (option == 'f') {
            follow = true;
        } else if (option == 'q') {
            quiet = true;
        } else {
            cmd_usage(USAGE);
        }
    }
    bool titles = !quiet && argc - optind > 1;
    files_print(optind < argc ? argv + optind : standard_input, titles);
    return cmd_end(cmd_status);
}
