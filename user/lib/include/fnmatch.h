/*
 * <fnmatch.h>: matching names against shell patterns.
 */
#ifndef USER_FNMATCH_H
#define USER_FNMATCH_H

#define FNM_NOMATCH 1

#define FNM_NOESCAPE 1 /* a backslash is an ordinary character */
#define FNM_PATHNAME 2 /* only a slash matches a slash */
#define FNM_PERIOD   4 /* only a period matches a leading period */
#define FNM_CASEFOLD 16

/* 0 or FNM_NOMATCH. */
int fnmatch(const char *pattern, const char *name, int flags);

#endif
