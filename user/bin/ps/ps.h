/* ps: choosing processes (ps.c) and columns (columns.c). */
#ifndef BIN_PS_PS_H
#define BIN_PS_PS_H

#include <stdbool.h>
#include <stddef.h>

#include "../common/process.h"

#define COLUMNS_MAX 32

/* A column as it was asked for. */
struct chosen {
    const struct column *column;
    const char *header;
};

struct layout {
    struct chosen columns[COLUMNS_MAX];
    size_t count;
};

/* Adds the columns of a list such as "pid,comm=NAME"; ends the command at an unknown one. */
void columns_add(struct layout *layout, const char *list);

void header_print(const struct layout *layout);
void row_print(const struct layout *layout, const struct process *process);

#endif
