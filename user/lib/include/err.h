/*
 * <err.h>: messages to stderr that begin with the program's name.
 */
#ifndef USER_ERR_H
#define USER_ERR_H

#include <stdarg.h>

/* err and warn add the text of errno; err and errx end the program. */
void err(int status, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));
void errx(int status, const char *fmt, ...) __attribute__((noreturn, format(printf, 2, 3)));
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
