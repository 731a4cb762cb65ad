/*
 * cat [-AbeEnstTv] [FILE]...: copies files, or standard input, to standard output. -n numbers the
 * lines, -b those that are not empty, -s makes one of several empty ones, -E ends each with $, -T
 * shows a tab as ^I, -v other control characters. -A is -vET, -e is -vE, -t is -vT.
 */
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"

static struct {
    bool number, number_full, squeeze, ends, tabs, controls;
} show;

static unsigned long line_number;
static bool after_empty, inside_line;   /* where the file before ended */

static void byte_print(unsigned char c) {
    if (c == '\t' ? !show.tabs : !show.controls) {
        putchar(c);
        return;
    }
    if (c >= 128) {
        fputs("M-", stdout);
        c -= 128;
    }
    if (c < 32 || c == 127) {
        putchar('^');
        c ^= 64;
    }
    putchar(c);
}

static void lines_print(struct reader *r) {
    struct line line;
    while (reader_line(r, '\n', &line)) {
        bool empty = line.length == 0 && !inside_line;
        if (show.squeeze && empty && after_empty)
            continue;
        after_empty = empty;
        if ((show.number_full ? !empty : show.number) && !inside_line)
            printf("%6lu\t", ++line_number);
        for (size_t i = 0; i < line.length; i++)
            byte_print(line.text[i]);
        if (r->terminated)
            fputs(show.ends ? "$\n" : "\n", stdout);
        inside_line = !r->terminated;
    }
}

/* A file that is appended to itself would grow until the disk is full. */
static bool is_output(const struct reader *r) {
    struct stat in, out;
    return fstat(r->fd, &in) == 0 && fstat(STDOUT_FILENO, &out) == 0 && S_ISREG(in.st_mode) &&
           in.st_dev == out.st_dev && in.st_ino == out.st_ino && in.st_size > 0;
}

/* Without options the bytes go straight from read to write. */
static void blocks_copy(struct reader *r) {
    struct line block;
    if (is_output(r)) {
        cmd_warn("%s: input file is output file", r->name);
        return;
    }
    while (reader_block(r, &block)) {
        if (cmd_write_all(STDOUT_FILENO, block.text, block.length) < 0)
            cmd_die_errno("write error");
    }
}

static void option_take(int option) {
    switch (option) {
    case 'n': show.number = true; break;
    case 'b': show.number_full = true; break;
    case 's': show.squeeze = true; break;
    case 'E': show.ends = true; break;
    case 'T': show.tabs = true; break;
    case 'v': show.controls = true; break;
    case 'A': show.controls = show.ends = show.tabs = true; break;
    case 'e': show.controls = show.ends = true; break;
    case 't': show.controls = show.tabs = true; break;
    case 'u': break;                    /* unbuffered, which it is anyway */
    default: cmd_usage("[-AbeEnstTv] [FILE]...");
    }
}

int main(int argc, char **argv) {
    int option;
    bool by_line = false;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "AbeEnstTuv")) != -1) {
        option_take(option);
        by_line |= option != 'u';
    }
    reader_each(argv + optind, by_line ? lines_print : blocks_copy);
    return cmd_end(cmd_status);
}
