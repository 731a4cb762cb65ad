/*
 * Error messages: perror, and the err family.
 */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void perror(const char *what) {
    const char *why = strerror(errno);

    if (what != NULL && *what != '\0')
        fprintf(stderr, "%s: %s\n", what, why);
    else
        fprintf(stderr, "%s\n", why);
}

/* "program: message" and, after a colon, why, unless that is NULL. */
static void report(const char *why, const char *fmt, va_list ap) {
    char message[1024];

    vsnprintf(message, sizeof(message), fmt, ap);
    fprintf(stderr, "%s: %s%s%s\n", getprogname(), message, why != NULL ? ": " : "",
            why != NULL ? why : "");
}

void err(int status, const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    report(strerror(errno), fmt, ap);
    exit(status);
}

void errx(int status, const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    report(NULL, fmt, ap);
    exit(status);
}

void warn(const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    report(strerror(errno), fmt, ap);
    va_end(ap);
}

void warnx(const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    report(NULL, fmt, ap);
    va_end(ap);
}
