/* Small files read whole: what /proc says. */
#ifndef BIN_COMMON_SLURP_H
#define BIN_COMMON_SLURP_H

#include <stddef.h>

/*
 * The whole of a file as a string in fresh memory, its length in *length (may be NULL); or NULL with
 * errno set. An empty string if it cannot be read any more: processes come and go.
 */
char *file_slurp(const char *path, size_t *length);

/* The same, but a file that cannot be opened ends the command with a message. */
char *file_slurp_require(const char *path);

/* The number behind `name` at the beginning of a line, or 0: "name 12", "name:   12 kB". */
long long text_number(const char *text, const char *name);

#endif
