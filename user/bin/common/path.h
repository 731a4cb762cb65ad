/* Path names as text. */
#ifndef BIN_COMMON_PATH_H
#define BIN_COMMON_PATH_H

#include <stdbool.h>
#include <sys/stat.h>

/* "directory/name" in fresh memory, with a single slash between them. */
char *path_join(const char *directory, const char *name);

/* The last part of a path, as a pointer into it: "a/b" -> "b"; "a/" and "/" stay whole. */
const char *path_last(const char *path);

/* The same in fresh memory and without trailing slashes: "a/b/" -> "b", "/" -> "/". */
char *path_base(const char *path);

/* What is before the last part, in fresh memory: "a/b/" -> "a", "b" -> ".", "/b" -> "/". */
char *path_parent(const char *path);

bool path_is_directory(const char *path);

/*
 * Where `source` goes when it is copied, moved or linked to `target`: into it when
 * it is a directory, else to that very name. In fresh memory.
 */
char *path_into(const char *target, const char *source);

/* Checks that `target` is a directory when there are several sources; reports if not. */
bool target_check(const char *target, int sources);

/* True when the place for `path` lies inside the directory `outer` (or is it). */
bool path_is_inside(const char *path, const struct stat *outer);

#endif
