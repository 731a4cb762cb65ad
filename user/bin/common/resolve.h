/* Symbolic links: reading and resolving them. */
#ifndef BIN_COMMON_RESOLVE_H
#define BIN_COMMON_RESOLVE_H

#include <stdbool.h>

/* The target of a symbolic link, however long, in fresh memory; NULL with errno set. */
char *link_target(const char *path);

/*
 * The absolute path of the file without links, "." and ".." in it, in fresh memory.
 * The last part may be missing when that is allowed. NULL with errno set otherwise.
 */
char *path_resolve(const char *path, bool last_may_be_missing);

#endif
