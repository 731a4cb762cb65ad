/* rev [FILE]...: prints every line backwards. */
#include <stdio.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"

static void lines_reverse(struct reader *r) {
    struct line line;
    while (reader_line(r, '\n', &line)) {
        while (line.length > 0)
            putchar((unsigned char)line.text[--line.length]);
        if (r->terminated)
            putchar('\n');
    }
}

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    if (getopt(argc, argv, "") != -1)
        cmd_usage("[FILE]...");
    reader_each(argv + optind, lines_reverse);
    return cmd_end(cmd_status);
}
