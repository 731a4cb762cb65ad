/*
 * Exact decimal numbers. See decimal.h.
 */
#include "decimal.h"

#include <stdint.h>
#include <string.h>

/* A double's fields (IEEE 754 binary64). */
#define FRACTION_BITS 52
#define EXPONENT_MAX 0x7ff
#define BIAS 1075 /* value = significand * 2^(exponent - BIAS) */

/* One step of a shift: the carry, below 10 * 2^STEP, stays far inside 64 bits. */
#define STEP 27

void decimal_trim(struct decimal *d) {
    int zeros = 0;

    while (d->count > 0 && d->digit[d->count - 1] == 0)
        d->count--;
    while (zeros < d->count && d->digit[zeros] == 0)
        zeros++;
    if (zeros > 0) {
        d->count -= zeros;
        d->point -= zeros;
        memmove(d->digit, d->digit + zeros, d->count);
    }
    if (d->count == 0)
        d->point = 0;
}

/* Makes room for one digit in front; what falls off the end is remembered as inexact. */
static void push_front(struct decimal *d, unsigned int digit) {
    if (d->count == DECIMAL_DIGITS && d->digit[--d->count] != 0)
        d->inexact = true;
    memmove(d->digit + 1, d->digit, d->count);
    d->digit[0] = digit;
    d->count++;
    d->point++;
}

/* Times 2^bits, bits <= STEP: long multiplication, from the last digit to the first. */
static void shift_left(struct decimal *d, int bits) {
    uint64_t carry = 0;
    int i;

    for (i = d->count - 1; i >= 0; i--) {
        carry += (uint64_t)d->digit[i] << bits;
        d->digit[i] = carry % 10;
        carry /= 10;
    }
    for (; carry > 0; carry /= 10)
        push_front(d, carry % 10);
    decimal_trim(d);
}

/* Divided by 2^bits, bits <= STEP: long division, on until nothing is left. */
static void shift_right(struct decimal *d, int bits) {
    uint64_t mask = (1ull << bits) - 1;
    uint64_t rest = 0;
    int i;

    for (i = 0; i < d->count || rest != 0; i++) {
        rest = rest * 10 + (i < d->count ? d->digit[i] : 0);
        if (i == DECIMAL_DIGITS) {
            d->inexact = true;
            break;
        }
        d->digit[i] = rest >> bits;
        rest &= mask;
    }
    d->count = i;
    decimal_trim(d);
}

void decimal_shift(struct decimal *d, int exponent) {
    for (; exponent >= STEP; exponent -= STEP)
        shift_left(d, STEP);
    if (exponent > 0)
        shift_left(d, exponent);
    for (; exponent <= -STEP; exponent += STEP)
        shift_right(d, STEP);
    if (exponent < 0)
        shift_right(d, -exponent);
}

/* Whether cutting after count digits must round the magnitude up. */
static bool rounds_up(const struct decimal *d, int count) {
    if (count < 0 || count >= d->count)
        return false;
    if (d->digit[count] == 5 && count + 1 == d->count && !d->inexact) /* exactly half */
        return count > 0 && d->digit[count - 1] % 2 == 1;
    return d->digit[count] >= 5;
}

void decimal_round(struct decimal *d, int count) {
    bool up = rounds_up(d, count);

    if (count >= d->count)
        return;
    d->count = count > 0 ? count : 0;
    if (up) {
        int i = d->count - 1;

        while (i >= 0 && d->digit[i] == 9)
            d->digit[i--] = 0;
        if (i >= 0)
            d->digit[i]++;
        else
            push_front(d, 1);
    }
    d->inexact = false;
    decimal_trim(d);
}

void decimal_set(struct decimal *d, double value) {
    uint64_t bits, significand;
    int exponent, i;

    memcpy(&bits, &value, sizeof(bits));
    significand = bits & ((1ull << FRACTION_BITS) - 1);
    exponent = bits >> FRACTION_BITS & EXPONENT_MAX;
    if (exponent == 0)
        exponent = 1; /* subnormal: the same scale, but no hidden bit */
    else
        significand |= 1ull << FRACTION_BITS;
    d->count = d->point = 20; /* the digits of 2^64 */
    d->inexact = false;
    for (i = d->count - 1; i >= 0; i--, significand /= 10)
        d->digit[i] = significand % 10;
    decimal_trim(d);
    decimal_shift(d, exponent - BIAS);
}

/* The digits before the point as an integer; what follows rounds it. Below 2^63. */
static uint64_t integer_get(struct decimal *d) {
    uint64_t n = 0;
    int i;

    decimal_round(d, d->point);
    for (i = 0; i < d->point; i++)
        n = n * 10 + (i < d->count ? d->digit[i] : 0);
    return n;
}

/*
 * Scales d to [0.5, 1) by powers of two and returns the exponent that undoes it. The strides
 * stay within bounds because 2^3 < 10: three bits for each decimal place do not overshoot.
 */
static int normalise(struct decimal *d) {
    int exponent = 0;

    while (d->point != 0 || d->digit[0] < 5) {
        int bits = d->point == 0 ? -1 : 3 * d->point;

        if (bits > STEP)
            bits = STEP;
        if (bits < -STEP)
            bits = -STEP;
        decimal_shift(d, -bits);
        exponent += bits;
    }
    return exponent;
}

double decimal_get(struct decimal *d) {
    uint64_t bits = (uint64_t)EXPONENT_MAX << FRACTION_BITS; /* infinity */
    int exponent, width = FRACTION_BITS + 1;
    double value;

    if (d->count == 0 || d->point < -350)
        return 0;
    if (d->point <= 310) {
        /* value = significand * 2^(exponent - BIAS), the significand width bits wide */
        exponent = normalise(d) - width + BIAS;
        if (exponent < 1) { /* subnormal: fewer bits, so that the exponent is 1 */
            width -= 1 - exponent;
            exponent = 1;
        }
        decimal_shift(d, width);
        bits = integer_get(d);
        /* The hidden bit, when it is there, adds the 1 that exponent has too little now. */
        bits += (uint64_t)(exponent - 1) << FRACTION_BITS;
        if (bits > (uint64_t)EXPONENT_MAX << FRACTION_BITS)
            bits = (uint64_t)EXPONENT_MAX << FRACTION_BITS;
    }
    memcpy(&value, &bits, sizeof(value));
    return value;
}
