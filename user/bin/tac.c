/* tac [FILE]...: prints the lines of each file, the last one first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"

/* A last line without a newline keeps lacking it, wherever it comes to stand. */
static void text_print(const char *text, size_t length) {
    size_t end = length;
    while (end > 0) {
        size_t start = end - 1;
        while (start > 0 && text[start - 1] != '\n')
            start--;
        fwrite(text + start, 1, end - start, stdout);
        end = start;
    }
}

static void file_reverse(struct reader *r) {
    char *text = NULL;
    size_t length = 0, capacity = 0;
    struct line block;
    while (reader_block(r, &block)) {
        if (length + block.length > capacity) {
            capacity = (length + block.length) * 2;
            text = cmd_realloc(text, capacity);
        }
        memcpy(text + length, block.text, block.length);
        length += block.length;
    }
    text_print(text, length);
    free(text);
}

int main(int argc, char **argv) {
    cmd_begin(argv, 1);
    if (getopt(argc, argv, "") != -1)
        cmd_usage("[FILE]...");
    reader_each(argv + optind, file_reverse);
    return cmd_end(cmd_status);
}
