/*
 * Pseudo-random numbers: xorshift (G. Marsaglia, "Xorshift RNGs", 2003), the same sequence for
 * the same seed. Not for secrets: getrandom is.
 */
#include <stdint.h>
#include <stdlib.h>

static uint64_t state = 88172645463325252;

void srand(unsigned int seed) {
    state = seed * 0x9e3779b97f4a7c15ull + 1; /* spread small seeds; 0 would stay 0 */
}

int rand(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> 33;
}

long random(void) {
    return rand();
}

void srandom(unsigned int seed) {
    srand(seed);
}
