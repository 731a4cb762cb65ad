/*
 * Memory and string functions. See string.h for what the kernel and the user library share.
 *
 * Compiled with -fno-tree-loop-distribute-patterns: gcc knows these loops and would replace
 * them by calls of the very functions they implement.
 */
#include "lib/string.h"

#include <stdint.h>

/* A machine word that may be laid over any object. */
typedef uint64_t __attribute__((may_alias)) word_t;

#define WORD sizeof(word_t)

/* Below this there may be no whole word when the ends are aligned. */
#define SMALL WORD

static inline size_t word_offset(const void *p) {
    return (uintptr_t)p % WORD;
}

/* What is done without a loop at a time: much of a page, or some words. */
enum { LONG_RUN = 32, SHORT_RUN = 4 };

static inline __attribute__((always_inline)) void run_copy(word_t *dst, const word_t *src,
                                                           size_t words) {
#pragma GCC unroll LONG_RUN
    for (size_t i = 0; i < words; i++)
        dst[i] = src[i];
}

/*
 * Copies whole words to an aligned destination from an aligned source, lowest first, so that
 * dst may overlap src from below.
 */
static inline void words_copy(word_t *dst, const word_t *src, size_t words) {
    for (; words >= LONG_RUN; words -= LONG_RUN, dst += LONG_RUN, src += LONG_RUN)
        run_copy(dst, src, LONG_RUN);
    for (; words >= SHORT_RUN; words -= SHORT_RUN, dst += SHORT_RUN, src += SHORT_RUN)
        run_copy(dst, src, SHORT_RUN);
    for (; words > 0; words--)
        *dst++ = *src++;
}

/*
 * The same from a source that is not aligned: each word is put together from two aligned ones
 * (little-endian). Reads no word that holds no byte of the source, hence no other page.
 */
static inline void words_copy_shifted(word_t *dst, const unsigned char *src, size_t words) {
    unsigned int low = 8 * word_offset(src);
    unsigned int high = 64 - low;
    const word_t *from = (const word_t *)(src - word_offset(src));
    word_t have = *from++;

    for (; words > 0; words--) {
        word_t next = *from++;

        *dst++ = have >> low | next << high;
        have = next;
    }
}

/* Copies upwards: right when dst lies below src or outside of it. */
static inline __attribute__((always_inline)) void *copy_up(unsigned char *dst, const unsigned char *src,
                                                           size_t n) {
    unsigned char *to = dst;

    if (n >= SMALL) {
        size_t words;

        for (; word_offset(to) != 0; n--)
            *to++ = *src++;
        words = n / WORD;
        if (word_offset(src) == 0)
            words_copy((word_t *)to, (const word_t *)src, words);
        else
            words_copy_shifted((word_t *)to, src, words);
        to += words * WORD;
        src += words * WORD;
        n %= WORD;
    }
    while (n-- > 0)
        *to++ = *src++;
    return dst;
}

/* Copies downwards: right when dst lies above src, inside of it. */
static void copy_down(unsigned char *dst, const unsigned char *src, size_t n) {
    dst += n;
    src += n;
    if (n >= SMALL && word_offset(dst) == word_offset(src)) {
        for (; word_offset(dst) != 0; n--)
            *--dst = *--src;
        for (; n >= WORD; n -= WORD) {
            dst -= WORD;
            src -= WORD;
            *(word_t *)dst = *(const word_t *)src;
        }
    }
    while (n-- > 0)
        *--dst = *--src;
}

void *memcpy(void *dst, const void *src, size_t n) { return copy_up(dst, src, n); }

void *memmove(void *dst, const void *src, size_t n) {
    /* The difference wraps to a large number when dst is below src. */
    if ((uintptr_t)dst - (uintptr_t)src >= n)
        return memcpy(dst, src, n);
    copy_down(dst, src, n);
    return dst;
}

static inline __attribute__((always_inline)) void run_fill(word_t *dst, word_t value, size_t words) {
#pragma GCC unroll LONG_RUN
    for (size_t i = 0; i < words; i++)
        dst[i] = value;
}

static inline void words_fill(word_t *dst, word_t value, size_t words) {
    for (; words >= LONG_RUN; words -= LONG_RUN, dst += LONG_RUN)
        run_fill(dst, value, LONG_RUN);
    for (; words >= SHORT_RUN; words -= SHORT_RUN, dst += SHORT_RUN)
        run_fill(dst, value, SHORT_RUN);
    for (; words > 0; words--)
        *dst++ = value;
}

void *memset(void *dst, int byte, size_t n) {
    unsigned char *p = dst;

    if (n >= SMALL) {
        word_t value = 0x0101010101010101 * (unsigned char)byte;

        for (; word_offset(p) != 0; n--)
            *p++ = byte;
        words_fill((word_t *)p, value, n / WORD);
        p += n / WORD * WORD;
        n %= WORD;
    }
    while (n-- > 0)
        *p++ = byte;
    return dst;
}

int memcmp(const void *a, const void *b, size_t n) {
    const unsigned char *p = a, *q = b;

    if (word_offset(p) == 0 && word_offset(q) == 0)
        for (; n >= WORD && *(const word_t *)p == *(const word_t *)q; n -= WORD) {
            p += WORD;
            q += WORD;
        }
    for (; n > 0; n--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}

void *memchr(const void *s, int byte, size_t n) {
    const unsigned char *p = s;

    for (; n > 0; n--, p++)
        if (*p == (unsigned char)byte)
            return (void *)p;
    return NULL;
}

size_t strlen(const char *s) {
    const char *end = s;

    while (*end != '\0')
        end++;
    return end - s;
}

size_t strnlen(const char *s, size_t max) {
    size_t n = 0;

    while (n < max && s[n] != '\0')
        n++;
    return n;
}

int strcmp(const char *a, const char *b) {
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t n) {
    for (; n > 0 && *a != '\0' && *a == *b; n--) {
        a++;
        b++;
    }
    return n == 0 ? 0 : (unsigned char)*a - (unsigned char)*b;
}

char *strchr(const char *s, int c) {
    for (; *s != (char)c; s++)
        if (*s == '\0')
            return NULL;
    return (char *)s;
}

char *strrchr(const char *s, int c) {
    const char *last = NULL;

    do {
        if (*s == (char)c)
            last = s;
    } while (*s++ != '\0');
    return (char *)last;
}

char *strstr(const char *haystack, const char *needle) {
    size_t n = strlen(needle);

    if (n == 0)
        return (char *)haystack;
    while ((haystack = strchr(haystack, needle[0])) != NULL) {
        if (strncmp(haystack, needle, n) == 0)
            return (char *)haystack;
        haystack++;
    }
    return NULL;
}

size_t strlcpy(char *dst, const char *src, size_t size) {
    size_t n = strlen(src);

    if (size > 0) {
        size_t fits = n < size ? n : size - 1;

        memcpy(dst, src, fits);
        dst[fits] = '\0';
    }
    return n;
}

size_t strspn(const char *s, const char *accept)
{
    size_t n = 0;

    while (s[n] != '\0' && strchr(accept, s[n]) != NULL)
        n++;
    return n;
}

size_t strcspn(const char *s, const char *reject)
{
    size_t n = 0;

    while (s[n] != '\0' && strchr(reject, s[n]) == NULL)
        n++;
    return n;
}
