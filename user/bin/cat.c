/* cat [-n] [FILE]...: copies files, or standard input, to standard output. -n numbers the lines. */
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"

static bool numbering;
static unsigned long line_number;

static void lines_print(struct reader *r) {
    struct line line;
    while (reader_line(r, '\n', &line)) {
        printf("%6lu\t", ++line_number);
        fwrite(line.text, 1, line.length, stdout);
        if (r->terminated)
            putchar('\n');
    }
}

/* A file that is appended to itself would grow until the disk is full. */
static bool is_output(const struct reader *r) {
    struct stat in, out;
    return fstat(r->fd, &in) == 0 && fstat(STDOUT_FILENO, &out) == 0 && S_ISREG(in.st_mode) &&
           in.st_dev == out.st_dev && in.st_ino == out.st_ino && in.st_size > 0;
}

/* Without numbers the bytes go straight from read to write. */
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

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "nu")) != -1) {
        if (option == 'n')
            numbering = true;
        else if (option != 'u')         /* -u: unbuffered, which it is anyway */
            cmd_usage("[-n] [FILE]...");
    }
    reader_each(argv + optind, numbering ? lines_print : blocks_copy);
    return cmd_end(cmd_status);
}
