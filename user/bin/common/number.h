/* Numbers and sizes on the command line and in the output. */
#ifndef BIN_COMMON_NUMBER_H
#define BIN_COMMON_NUMBER_H

#include <stdbool.h>

/* A whole decimal number with an optional sign and nothing around it. */
bool number_parse(const char *text, long long *out);

/* The same with an optional size suffix: c 1, w 2, b 512, k or K 1024, M, G, T. */
bool size_parse(const char *text, long long *out);

/* As above, but ends the command with "invalid WHAT: 'text'" when it is not one. */
long long number_require(const char *text, const char *what);
long long size_require(const char *text, const char *what);

/* Room for what size_format writes. */
#define SIZE_TEXT 24

/* A byte count as "512", "1.5K", "20M" (rounded up, like ls -h); returns `out`. */
char *size_format(unsigned long long bytes, char out[SIZE_TEXT]);

/*
 * A time span such as "1", "0.25" or "2m" (s, m, h, d) in nanoseconds.
 * Returns false when the text is none or does not fit.
 */
bool span_parse(const char *text, unsigned long long *nanoseconds);

#endif
