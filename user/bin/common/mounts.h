/* The mount table as the kernel shows it: mount and df share it. */
#ifndef BIN_COMMON_MOUNTS_H
#define BIN_COMMON_MOUNTS_H

#include <stdbool.h>

struct mount_line {
    const char *source, *target, *type, *options;
};

/*
 * Calls `visit` for each line of /proc/mounts. The strings live for the duration of the call. Returns
 * false, silently and with errno set, when the file cannot be read.
 */
bool mounts_each(void (*visit)(const struct mount_line *line, void *context), void *context);

#endif
