/*
 * Copying and joining strings. The memory functions are in kernel/lib/string.c.
 */
#include <stdlib.h>
#include <string.h>

void *mempcpy(void *dst, const void *src, size_t n) {
    return (char *)memcpy(dst, src, n) + n;
}

char *stpcpy(char *dst, const char *src) {
    size_t n = strlen(src);

    memcpy(dst, src, n + 1);
    return dst + n;
}

char *strcpy(char *dst, const char *src) {
    stpcpy(dst, src);
    return dst;
}

char *strncpy(char *dst, const char *src, size_t n) {
    size_t len = strnlen(src, n);

    memcpy(dst, src, len);
    memset(dst + len, '\0', n - len);
    return dst;
}

char *strcat(char *dst, const char *src) {
    strcpy(dst + strlen(dst), src);
    return dst;
}

char *strncat(char *dst, const char *src, size_t n) {
    size_t len = strnlen(src, n);
    char *end = dst + strlen(dst);

    memcpy(end, src, len);
    end[len] = '\0';
    return dst;
}

size_t strlcat(char *dst, const char *src, size_t size) {
    size_t len = strnlen(dst, size);

    return len + strlcpy(dst + len, src, size - len);
}

char *strndup(const char *s, size_t n) {
    size_t len = strnlen(s, n);
    char *copy = malloc(len + 1);

    if (copy != NULL) {
        memcpy(copy, s, len);
        copy[len] = '\0';
    }
    return copy;
}

char *strdup(const char *s) {
    return strndup(s, strlen(s));
}
