/* hexdump [-Cv] [-n LENGTH] [-s SKIP] [FILE]...: bytes in hexadecimal and as characters. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/reader.h"

#define USAGE "[-Cv] [-n LENGTH] [-s SKIP] [FILE]..."
#define ROW 16

static long long left = LLONG_MAX, skip;
static bool show_repeats;

/* The row being filled, and the one before: repeated rows are shown as one "*". */
static unsigned char row[ROW], last[ROW];
static size_t filled;
static unsigned long long offset;
static bool any_row, starred;

static void row_print(void) {
    printf("%08llx ", offset);
    for (size_t i = 0; i < ROW; i++) {
        if (i < filled)
            printf("%s %02x", i == ROW / 2 ? " " : "", row[i]);
        else
            printf("%s   ", i == ROW / 2 ? " " : "");
    }
    fputs("  |", stdout);
    for (size_t i = 0; i < filled; i++)
        putchar(row[i] < 128 && isprint(row[i]) ? row[i] : '.');
    puts("|");
}

static void row_finish(void) {
    bool repeated = any_row && filled == ROW && memcmp(row, last, ROW) == 0;
    if (!repeated || show_repeats) {
        row_print();
        starred = false;
    } else if (!starred) {
        puts("*");
        starred = true;
    }
    memcpy(last, row, ROW);
    any_row = true;
    offset += filled;
    filled = 0;
}

static void file_dump(struct reader *r) {
    struct line block;
    while (left > 0 && reader_block(r, &block)) {
        size_t i = 0;
        if (skip > 0) {
            i = (long long)block.length < skip ? block.length : (size_t)skip;
            skip -= i;
            offset += i;
        }
        for (; i < block.length && left > 0; i++, left--) {
            row[filled++] = block.text[i];
            if (filled == ROW)
                row_finish();
        }
    }
}

/* Offsets are often known in hexadecimal. */
static long long amount_require(const char *text, const char *what) {
    char *end;
    if (strncmp(text, "0x", 2) != 0)
        return size_require(text, what);
    errno = 0;
    long long amount = strtoll(text, &end, 16);
    if (errno || *end || end == text + 2)
        cmd_die("invalid %s: '%s'", what, text);
    return amount;
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "Cvn:s:")) != -1) {
        switch (option) {
        case 'C': break;                /* this form is the only one here */
        case 'v': show_repeats = true; break;
        case 'n': left = amount_require(optarg, "length"); break;
        case 's': skip = amount_require(optarg, "offset"); break;
        default: cmd_usage(USAGE);
        }
    }
    reader_each(argv + optind, file_dump);
    if (filled > 0)
        row_finish();
    if (any_row)
        printf("%08llx\n", offset);
    return cmd_end(cmd_status);
}
