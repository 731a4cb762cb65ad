/* comm [-123] FILE1 FILE2: lines only in the first, only in the second, in both sorted files. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"

#define USAGE "[-123] FILE1 FILE2"

static bool hidden[3];

static void column_print(int column, const struct line *line) {
    if (hidden[column])
        return;
    for (int i = 0; i < column; i++) {
        if (!hidden[i])
            putchar('\t');
    }
    fwrite(line->text, 1, line->length, stdout);
    putchar('\n');
}

static int lines_compare(const struct line *a, const struct line *b) {
    size_t common = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->text, b->text, common);
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "123")) != -1) {
        if (option == '?')
            cmd_usage(USAGE);
        hidden[option - '1'] = true;
    }
    if (argc - optind != 2)
        cmd_usage(USAGE);
    struct reader a, b;
    struct line line_a, line_b;
    if (!reader_open(&a, argv[optind]) || !reader_open(&b, argv[optind + 1]))
        return 1;
    bool more_a = reader_line(&a, '\n', &line_a), more_b = reader_line(&b, '\n', &line_b);
    while ((more_a || more_b) && !ferror(stdout)) {
        int order = !more_a ? 1 : !more_b ? -1 : lines_compare(&line_a, &line_b);
        if (order <= 0)
            column_print(order == 0 ? 2 : 0, &line_a);
        else
            column_print(1, &line_b);
        if (order <= 0)
            more_a = reader_line(&a, '\n', &line_a);
        if (order >= 0)
            more_b = reader_line(&b, '\n', &line_b);
    }
    return cmd_end(cmd_status);
}
