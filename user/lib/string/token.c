/*
 * Cutting a string into tokens, in place.
 */
#include <string.h>

/* Runs of separators count as one, and none is at either end of a token. */
char *strtok_r(char *s, const char *separators, char **rest) {
    char *end;

    if (s == NULL)
        s = *rest;
    s += strspn(s, separators);
    end = s + strcspn(s, separators);
    *rest = *end == '\0' ? end : end + 1;
    *end = '\0';
    return s == end ? NULL : s;
}

char *strtok(char *s, const char *separators) {
    static char *rest = "";

    return strtok_r(s, separators, &rest);
}

/* Every separator ends a token, which may be empty. */
char *strsep(char **rest, const char *separators) {
    char *token = *rest;
    char *end;

    if (token == NULL)
        return NULL;
    end = token + strcspn(token, separators);
    *rest = *end == '\0' ? NULL : end + 1;
    *end = '\0';
    return token;
}
