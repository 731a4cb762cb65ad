/* wc [-lwcm] [FILE]...: counts lines, words and bytes. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"

struct counts {
    const char *name;           /* NULL for standard input that nobody named */
    unsigned long lines, words, bytes;
};

static bool show_lines, show_words, show_bytes;

static void counts_gather(struct reader *r, struct counts *counts) {
    struct line block;
    bool in_word = false;
    while (reader_block(r, &block)) {
        counts->bytes += block.length;
        if (!show_lines && !show_words)
            continue;
        for (size_t i = 0; i < block.length; i++) {
            unsigned char byte = block.text[i];
            bool blank = isspace(byte);
            counts->lines += byte == '\n';
            counts->words += !blank && !in_word;
            in_word = !blank;
        }
    }
}

static int digits_of(unsigned long value) {
    int count = 1;
    for (; value >= 10; value /= 10)
        count++;
    return count;
}

/* A single number stands alone; several stand in columns as wide as the widest. */
static int width_of(const struct counts *total) {
    if (show_lines + show_words + show_bytes == 1)
        return 1;
    int bytes = digits_of(total->bytes), lines = digits_of(total->lines);
    return bytes > lines ? bytes : lines;
}

static void number_print(const char **gap, int width, unsigned long value) {
    printf("%s%*lu", *gap, width, value);
    *gap = " ";
}

static void counts_print(const struct counts *counts, int width) {
    const char *gap = "";
    if (show_lines)
        number_print(&gap, width, counts->lines);
    if (show_words)
        number_print(&gap, width, counts->words);
    if (show_bytes)
        number_print(&gap, width, counts->bytes);
    if (counts->name)
        printf(" %s", counts->name);
    putchar('\n');
}

/* All are counted before the first is printed: the columns depend on the sums. */
static void files_count(char **files, int count) {
    struct counts *all = cmd_alloc(count * sizeof(*all)), total = { .name = "total" };
    int done = 0;
    for (int i = 0; i < count; i++) {
        struct reader r;
        struct counts *counts = &all[done];
        *counts = (struct counts){ .name = files[i] };
        if (!reader_open(&r, files[i] ? files[i] : "-"))
            continue;
        counts_gather(&r, counts);
        reader_close(&r);
        total.lines += counts->lines;
        total.words += counts->words;
        total.bytes += counts->bytes;
        done++;
    }
    int width = count > 1 ? digits_of(total.bytes) : width_of(&total);
    for (int i = 0; i < done; i++)
        counts_print(&all[i], width);
    if (count > 1)
        counts_print(&total, width);
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "lwcm")) != -1) {
        switch (option) {
        case 'l':
            show_lines = true;
            break;
        case 'w':
            show_words = true;
            break;
        case 'c':
        case 'm':               /* a character is a byte here */
            show_bytes = true;
            break;
        default:
            cmd_usage("[-lwcm] [FILE]...");
        }
    }
    if (!show_lines && !show_words && !show_bytes)
        show_lines = show_words = show_bytes = true;
    files_count(argv + optind, optind < argc ? argc - optind : 1);
    return cmd_end(cmd_status);
}
