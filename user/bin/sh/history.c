/* The lines that were typed, up to a number of them. */
#include "edit.h"

#include <stdlib.h>
#include <string.h>

enum { HISTORY_SIZE = 500 };

static struct strlist lines;

const char *history_get(size_t index) {
    return index < lines.count ? lines.items[index] : NULL;
}

size_t history_count(void) {
    return lines.count;
}

void history_add(const char *line) {
    if (line[strspn(line, " \t")] == '\0')
        return;
    if (lines.count > 0 && strcmp(lines.items[lines.count - 1], line) == 0)
        return;
    if (lines.count == HISTORY_SIZE) {
        free(lines.items[0]);
        lines.count--;
        memmove(lines.items, lines.items + 1, lines.count * sizeof(*lines.items));
    }
    strlist_add(&lines, xstrdup(line));
}
