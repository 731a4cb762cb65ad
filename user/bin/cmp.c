/* cmp [-ls] FILE1 FILE2: where two files differ. Status 0: nowhere, 1: somewhere, 2: trouble. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"

#define USAGE "[-ls] FILE1 FILE2"

static bool silent, list;
static unsigned long long position, line_number = 1;

/* Takes blocks of equal length from both; false when one of the files is at its end. */
static bool blocks_take(struct reader *a, struct reader *b, struct line *block_a,
                        struct line *block_b) {
    bool more_a = reader_block(a, block_a), more_b = reader_block(b, block_b);
    if (!more_a)
        block_a->length = 0;
    if (!more_b)
        block_b->length = 0;
    size_t common = block_a->length < block_b->length ? block_a->length : block_b->length;
    a->start -= block_a->length - common;
    b->start -= block_b->length - common;
    block_a->length = block_b->length = common;
    return common > 0;
}

/* Returns whether the blocks are equal; stops at the first difference unless -l. */
static bool blocks_compare(const struct line *a, const struct line *b, const char *const *names) {
    bool equal = true;
    if (memcmp(a->text, b->text, a->length) == 0 && (silent || list)) {
        position += a->length;
        return true;
    }
    for (size_t i = 0; i < a->length; i++) {
        unsigned char byte_a = a->text[i], byte_b = b->text[i];
        position++;
        if (byte_a != byte_b) {
            equal = false;
            if (list)
                printf("%llu %3o %3o\n", position, byte_a, byte_b);
            else if (!silent)
                printf("%s %s differ: byte %llu, line %llu\n", names[0], names[1], position,
                       line_number);
            if (!list)
                break;
        }
        line_number += byte_a == '\n';
    }
    return equal;
}

static int files_compare(struct reader *a, struct reader *b, const char *const *names) {
    struct line block_a, block_b;
    bool equal = true;
    while (blocks_take(a, b, &block_a, &block_b)) {
        if (!blocks_compare(&block_a, &block_b, names)) {
            equal = false;
            if (!list)
                return 1;
        }
    }
    bool rest_a = a->end > a->start, rest_b = b->end > b->start;
    if (rest_a != rest_b) {
        equal = false;
        if (!silent && position > 0)
            fprintf(stderr, "cmp: EOF on %s after byte %llu\n", names[rest_a], position);
        else if (!silent)
            fprintf(stderr, "cmp: EOF on %s which is empty\n", names[rest_a]);
    }
    return !equal;
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 2);
    while ((option = getopt(argc, argv, "ls")) != -1) {
        if (option == 'l')
            list = true;
        else if (option == 's')
            silent = true;
        else
            cmd_usage(USAGE);
    }
    if (argc - optind < 1 || argc - optind > 2)
        cmd_usage(USAGE);
    const char *names[2] = { argv[optind], argc - optind == 2 ? argv[optind + 1] : "-" };
    struct reader a, b;
    if (!reader_open(&a, names[0]) || !reader_open(&b, names[1]))
        return 2;
    int differ = files_compare(&a, &b, names);
    return cmd_end(cmd_status ? cmd_status : differ);
}
