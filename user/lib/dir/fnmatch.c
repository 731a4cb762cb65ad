/*
 * Shell patterns: * ? [...] and backslash (POSIX shell, 2.13 "Pattern Matching Notation").
 *
 * A star matches as little as possible at first; when what follows it fails, it takes one
 * character more. Only the last star needs to be tried again: that keeps the time to pattern
 * length times name length, whatever the number of stars.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

static int fold(char c, int flags) {
    return flags & FNM_CASEFOLD ? tolower((unsigned char)c) : (unsigned char)c;
}

/* One character of a bracket expression, perhaps behind a backslash. */
static const char *bracket_char(const char *p, char *c, int flags) {
    if (*p == '\\' && p[1] != '\0' && !(flags & FNM_NOESCAPE))
        p++;
    *c = *p;
    return *p == '\0' ? p : p + 1;
}

static bool class_contains(const char *name, size_t n, unsigned char c) {
    static const struct {
        const char *name;
        int (*contains)(int c);
    } classes[] = {
        { "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank }, { "cntrl", iscntrl },
        { "digit", isdigit }, { "graph", isgraph }, { "lower", islower }, { "print", isprint },
        { "punct", ispunct }, { "space", isspace }, { "upper", isupper }, { "xdigit", isxdigit },
    };
    size_t i;

    for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (strlen(classes[i].name) == n && strncmp(classes[i].name, name, n) == 0)
            return classes[i].contains(c);
    return false;
}

/*
 * The bracket expression whose [ precedes p: does it contain c? Returns where it ends, or NULL
 * when it has no end, and [ is an ordinary character.
 */
static const char *bracket_match(const char *p, char c, int flags, bool *contained) {
    bool negated = *p == '!' || *p == '^';
    bool found = false, first = true;
    int wanted = fold(c, flags);

    if (negated)
        p++;
    for (; *p != '\0' && (*p != ']' || first); first = false) {
        const char *end;
        char low, high;

        if (p[0] == '[' && p[1] == ':' && (end = strstr(p + 2, ":]")) != NULL) {
            found |= class_contains(p + 2, end - (p + 2), c);
            p = end + 2;
            continue;
        }
        p = bracket_char(p, &low, flags);
        high = low;
        if (p[0] == '-' && p[1] != ']' && p[1] != '\0')
            p = bracket_char(p + 1, &high, flags);
        found |= fold(low, flags) <= wanted && wanted <= fold(high, flags);
    }
    *contained = found != negated;
    return *p == ']' ? p + 1 : NULL;
}

/* Matches one character of name against one element of the pattern, which is no star. */
static const char *element_match(const char *p, char c, int flags) {
    const char *after;
    bool contained;

    if (c == '/' && (flags & FNM_PATHNAME))
        return *p == '/' ? p + 1 : NULL;
    if (*p == '?')
        return p + 1;
    if (*p == '[' && (after = bracket_match(p + 1, c, flags, &contained)) != NULL)
        return contained ? after : NULL;
    if (*p == '\\' && p[1] != '\0' && !(flags & FNM_NOESCAPE))
        p++;
    return *p != '\0' && fold(*p, flags) == fold(c, flags) ? p + 1 : NULL;
}

/* Whether the character at s is a period that only a period in the pattern may match. */
static bool is_leading_period(const char *s, const char *name, int flags) {
    if (*s != '.' || !(flags & FNM_PERIOD))
        return false;
    return s == name || (s[-1] == '/' && (flags & FNM_PATHNAME));
}

int fnmatch(const char *pattern, const char *name, int flags) {
    const char *star = NULL; /* behind the last star, and where its match ends */
    const char *star_end = NULL;
    const char *p = pattern, *s = name;

    while (*s != '\0' || *p != '\0') {
        bool period = is_leading_period(s, name, flags);
        const char *after = NULL;

        if (*p == '*' && !period) {
            star = ++p;
            star_end = s;
            continue;
        }
        if (*s != '\0' && !(period && (*p == '?' || *p == '[' || *p == '*')))
            after = element_match(p, *s, flags);
        if (after != NULL) {
            p = after;
            s++;
            continue;
        }
        if (star == NULL || *star_end == '\0' || (*star_end == '/' && (flags & FNM_PATHNAME)))
            return FNM_NOMATCH;
        p = star;
        s = ++star_end;
    }
    return 0;
}
