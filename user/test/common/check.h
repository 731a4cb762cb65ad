/*
 * The frame of a test program: one line for each check as it happens, and a count at the end.
 *
 *     ok NAME
 *     FAIL NAME: why
 *     done: N ok, N failed
 */
#ifndef TEST_CHECK_H
#define TEST_CHECK_H

#include <stdbool.h>

/* Checks a condition; the expression itself is the reason that a failure shows. */
#define CHECK(name, condition) check((name), (condition), #condition)

void check(const char *name, bool holds, const char *why);

/* Checks that two strings are equal; a failure shows both. */
void check_text(const char *name, const char *got, const char *expected);

/* Prints the count. Returns what main should: 0, or 1 when a check failed. */
int check_done(void);

#endif
