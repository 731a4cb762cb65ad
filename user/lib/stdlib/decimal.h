/*
 * Exact decimal numbers: the common ground of printf's %f and of strtod.
 *
 * A double is an integer times a power of two, so it has a finite decimal expansion (767
 * significant digits at most). Doubling and halving digit by digit gets from one form to the
 * other without error; only the last step, to the digits or bits that are wanted, rounds.
 */
#ifndef LIBC_DECIMAL_H
#define LIBC_DECIMAL_H

#include <stdbool.h>

#define DECIMAL_DIGITS 800

/* 0.d1 d2 d3 ... times 10^point. No leading or trailing zeros; no digits at all is zero. */
struct decimal {
    int count;
    int point;
    bool inexact; /* digits other than zero were dropped beyond the last one */
    unsigned char digit[DECIMAL_DIGITS];
};

/* The exact value of a finite double's magnitude. */
void decimal_set(struct decimal *d, double value);

/* The nearest double (ties to even); infinity when it is too large. */
double decimal_get(struct decimal *d);

/* Multiplies by 2^exponent. */
void decimal_shift(struct decimal *d, int exponent);

/* Keeps at most count digits, rounding to nearest, ties to even. A negative count gives 0. */
void decimal_round(struct decimal *d, int count);

/* Restores the form without leading and trailing zeros. */
void decimal_trim(struct decimal *d);

#endif
