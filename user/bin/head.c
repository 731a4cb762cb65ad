/*
 * head [-n LINES | -c BYTES | -LINES] [-q] [-v] [FILE]...: the beginning of files; with -n -N all
 * but the last N lines.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/reader.h"

#define USAGE "[-n LINES | -c BYTES] [-qv] [FILE]..."

static long long limit = 10;
static bool count_bytes;

static void lines_copy(struct reader *r) {
    struct line line;
    for (long long left = limit; left > 0 && reader_line(r, '\n', &line); left--) {
        fwrite(line.text, 1, line.length, stdout);
        if (r->terminated)
            putchar('\n');
        if (ferror(stdout))
            return;
    }
}

/* A line goes out when so many have come behind it. */
static void lines_copy_but(struct reader *r, size_t kept) {
    struct line line, *held = memset(cmd_alloc(kept * sizeof(*held)), 0, kept * sizeof(*held));
    for (size_t i = 0; reader_line(r, '\n', &line); i++) {
        struct line *slot = &held[i % kept];
        if (i >= kept) {
            fwrite(slot->text, 1, slot->length, stdout);
            putchar('\n');
        }
        slot->text = cmd_realloc(slot->text, line.length);
        slot->length = line.length;
        memcpy(slot->text, line.text, line.length);
    }
    for (size_t i = 0; i < kept; i++)
        free(held[i].text);
    free(held);
}

static void bytes_copy(struct reader *r) {
    struct line block;
    for (long long left = limit; left > 0 && reader_block(r, &block); left -= block.length) {
        if ((long long)block.length > left) {
            r->start -= block.length - left;    /* given back to the file at the close */
            block.length = left;
        }
        fwrite(block.text, 1, block.length, stdout);
        if (ferror(stdout))
            return;
    }
}

static void files_print(char **files, int titles) {
    const char *gap = "";
    for (char **file = files; *file; file++) {
        struct reader r;
        if (!reader_open(&r, *file))
            continue;
        if (titles > 0)
            printf("%s==> %s <==\n", gap, r.name);
        gap = "\n";
        if (limit < 0)
            lines_copy_but(&r, -limit);
        else
            (count_bytes ? bytes_copy : lines_copy)(&r);
        reader_close(&r);
    }
}

int main(int argc, char **argv) {
    static char *standard_input[] = { "-", NULL };
    int option, titles = 0;
    cmd_begin(argv, 1);
    if (argc > 1 && argv[1][0] == '-' && isdigit((unsigned char)argv[1][1])) {
        limit = size_require(argv[1] + 1, "number of lines");
        argv++, argc--;
    }
    while ((option = getopt(argc, argv, "n:c:qv")) != -1) {
        if (option == 'n' || option == 'c') {
            count_bytes = option == 'c';
            limit = size_require(optarg, count_bytes ? "number of bytes" : "number of lines");
            if (limit < 0 && count_bytes)
                cmd_die("bytes cannot be counted from the end: '%s'", optarg);
        } else if (option == 'q' || option == 'v') {
            titles = option == 'v' ? 1 : -1;
        } else {
            cmd_usage(USAGE);
        }
    }
    if (titles == 0)
        titles = argc - optind > 1 ? 1 : -1;
    files_print(optind < argc ? argv + optind : standard_input, titles);
    return cmd_end(cmd_status);
}
