/*
 * <sys/param.h>: old names of limits, and MIN and MAX.
 */
#ifndef USER_SYS_PARAM_H
#define USER_SYS_PARAM_H

#include <limits.h>

#define MAXPATHLEN PATH_MAX
#define MIN(a, b)  ((a) < (b) ? (a) : (b))
#define MAX(a, b)  ((a) > (b) ? (a) : (b))

#endif
