/*
 * Looking for characters and strings.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

void *memrchr(const void *s, int byte, size_t n) {
    const unsigned char *p = s;

    while (n-- > 0)
        if (p[n] == (unsigned char)byte)
            return (void *)(p + n);
    return NULL;
}

void *memmem(const void *haystack, size_t haystack_len, const void *needle, size_t needle_len) {
    const unsigned char *p = haystack;
    const unsigned char *end = p + haystack_len;

    if (needle_len == 0)
        return (void *)haystack;
    while ((size_t)(end - p) >= needle_len) {
        p = memchr(p, *(const unsigned char *)needle, end - p - needle_len + 1);
        if (p == NULL)
            return NULL;
        if (memcmp(p, needle, needle_len) == 0)
            return (void *)p;
        p++;
    }
    return NULL;
}

char *strchrnul(const char *s, int c) {
    while (*s != '\0' && *s != (char)c)
        s++;
    return (char *)s;
}

char *strcasestr(const char *haystack, const char *needle) {
    size_t n = strlen(needle);

    for (;; haystack++) {
        if (strncasecmp(haystack, needle, n) == 0)
            return (char *)haystack;
        if (*haystack == '\0')
            return NULL;
    }
}

char *strpbrk(const char *s, const char *accept) {
    s += strcspn(s, accept);
    return *s != '\0' ? (char *)s : NULL;
}

int strcasecmp(const char *a, const char *b) {
    return strncasecmp(a, b, -1);
}

int strncasecmp(const char *a, const char *b, size_t n) {
    int difference = 0;

    for (; n > 0 && difference == 0; n--, a++, b++) {
        difference = tolower((unsigned char)*a) - tolower((unsigned char)*b);
        if (*a == '\0')
            break;
    }
    return difference;
}

/* There is one locale, and it sorts by bytes. */
int strcoll(const char *a, const char *b) {
    return strcmp(a, b);
}

int ffs(int n) {
    int bit;

    for (bit = 0; bit < 32; bit++)
        if (n >> bit & 1)
            return bit + 1;
    return 0;
}
