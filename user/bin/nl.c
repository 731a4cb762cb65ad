/*
 * nl [-b a|t|n] [-w WIDTH] [-s TEXT] [-v FIRST] [FILE]...: numbers lines, all (a), those with
 * text (t, if nothing is said) or none (n).
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/reader.h"

#define USAGE "[-b a|t|n] [-w WIDTH] [-s TEXT] [-v FIRST] [FILE]..."

static char style = 't';        /* a: all lines, t: those with text, n: none */
static int width = 6;
static const char *separator = "\t";
static long long number = 1;

static void lines_number(struct reader *r) {
    struct line line;
    while (reader_line(r, '\n', &line)) {
        if (style == 'a' || (style == 't' && line.length > 0))
            printf("%*lld%s", width, number++, separator);
        else
            printf("%*s", width + (int)strlen(separator), "");
        fwrite(line.text, 1, line.length, stdout);
        putchar('\n');
    }
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "b:w:s:v:")) != -1) {
        switch (option) {
        case 'b':
            if (strlen(optarg) != 1 || !strchr("atn", *optarg))
                cmd_usage(USAGE);
            style = *optarg;
            break;
        case 'w': width = (int)number_require(optarg, "width"); break;
        case 's': separator = optarg; break;
        case 'v': number = number_require(optarg, "number"); break;
        default: cmd_usage(USAGE);
        }
    }
    reader_each(argv + optind, lines_number);
    return cmd_end(cmd_status);
}
