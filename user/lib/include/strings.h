/*
 * <strings.h>: text without regard to case.
 */
#ifndef USER_STRINGS_H
#define USER_STRINGS_H

#include <stddef.h>

int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
int ffs(int n);

#endif
