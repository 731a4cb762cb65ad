/*
 * <glob.h>: the names of files that match a shell pattern.
 */
#ifndef USER_GLOB_H
#define USER_GLOB_H

#include <stddef.h>

typedef struct {
    size_t gl_pathc;
    char **gl_pathv; /* ended by NULL */
    size_t gl_offs;
} glob_t;

#define GLOB_ERR      1
#define GLOB_MARK     2 /* a slash after each directory */
#define GLOB_NOSORT   4
#define GLOB_DOOFFS   8  /* gl_offs NULLs first */
#define GLOB_NOCHECK  16 /* no match: the pattern itself */
#define GLOB_APPEND   32
#define GLOB_NOESCAPE 64

#define GLOB_NOSPACE 1
#define GLOB_ABORTED 2
#define GLOB_NOMATCH 3

int glob(const char *pattern, int flags, int (*on_error)(const char *path, int error), glob_t *g);
void globfree(glob_t *g);

#endif
