/*
 * paste [-s] [-d LIST] [FILE]...: puts the lines of several files side by side; -s: those of
 * each file one after another.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/escape.h"
#include "common/reader.h"

#define USAGE "[-s] [-d LIST] [FILE]..."

static int *delimiters;         /* used in turn; -1 stands for none ("\0") */
static size_t delimiter_count;

static void delimiters_take(const char *text) {
    delimiter_count = 0;
    while (*text) {
        int byte = (unsigned char)*text;
        if (text[0] == '\\' && text[1] == '0') {
            byte = -1;
            text += 2;
        } else if (*text == '\\') {
            byte = escape_decode(&text, 0);
        } else {
            text++;
        }
        delimiters = cmd_realloc(delimiters, (delimiter_count + 1) * sizeof(int));
        delimiters[delimiter_count++] = byte;
    }
}

static void delimiter_print(size_t number) {
    if (delimiter_count > 0 && delimiters[number % delimiter_count] >= 0)
        putchar(delimiters[number % delimiter_count]);
}

static void serially_print(struct reader *r) {
    struct line line;
    for (size_t number = 0; reader_line(r, '\n', &line); number++) {
        if (number > 0)
            delimiter_print(number - 1);
        fwrite(line.text, 1, line.length, stdout);
    }
    putchar('\n');
}

/* Prints one line made of a line of each file. False when all are at their ends. */
static bool row_print(struct reader **readers, bool *open, int count) {
    size_t owed = 0;        /* delimiters held back until it is sure that there is a row */
    bool any = false;
    for (int i = 0; i < count; i++) {
        struct line line = { NULL, 0 };
        open[i] = open[i] && reader_line(readers[i], '\n', &line);
        if (open[i]) {
            for (; owed < (size_t)i; owed++)
                delimiter_print(owed);
            fwrite(line.text, 1, line.length, stdout);
            any = true;
        }
    }
    if (!any)
        return false;
    for (; owed + 1 < (size_t)count; owed++)
        delimiter_print(owed);
    putchar('\n');
    return true;
}

static void in_parallel_print(char **files, int count) {
    struct reader **readers = cmd_alloc(count * sizeof(*readers)), *input = NULL;
    bool *open = cmd_alloc(count * sizeof(*open));
    for (int i = 0; i < count; i++) {
        /* "-" twice takes lines from one input in turn. */
        bool standard = strcmp(files[i], "-") == 0;
        readers[i] = standard && input ? input : cmd_alloc(sizeof(**readers));
        open[i] = readers[i] == input || reader_open(readers[i], files[i]);
        if (!open[i])
            return;
        if (standard)
            input = readers[i];
    }
    while (row_print(readers, open, count) && !ferror(stdout))
        ;
}

int main(int argc, char **argv) {
    static char *standard_input[] = { "-", NULL };
    bool serial = false;
    int option;
    cmd_begin(argv, 1);
    delimiters_take("\t");
    while ((option = getopt(argc, argv, "sd:")) != -1) {
        if (option == 's')
            serial = true;
        else if (option == 'd')
            delimiters_take(optarg);
        else
            cmd_usage(USAGE);
    }
    char **files = optind < argc ? argv + optind : standard_input;
    if (serial)
        reader_each(files, serially_print);
    else
        in_parallel_print(files, optind < argc ? argc - optind : 1);
    return cmd_end(cmd_status);
}
