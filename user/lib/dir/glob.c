/*
 * Names of files that match a pattern, found directory by directory.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct search {
    glob_t *g;
    int flags;
    int (*on_error)(const char *path, int error);
};

/* How many slots gl_pathv has when so many are used: a glob_t has no place to keep that. */
static size_t capacity_of(size_t used) {
    size_t capacity = 16;

    while (capacity < used)
        capacity *= 2;
    return capacity;
}

static int path_add(glob_t *g, const char *path, bool mark) {
    size_t slots = g->gl_offs + g->gl_pathc, capacity = capacity_of(slots + 2);
    char *copy;

    if (capacity > capacity_of(slots + 1)) {
        char **grown = reallocarray(g->gl_pathv, capacity, sizeof(*grown));

        if (grown == NULL)
            return GLOB_NOSPACE;
        g->gl_pathv = grown;
    }
    if (asprintf(&copy, "%s%s", path, mark ? "/" : "") < 0)
        return GLOB_NOSPACE;
    g->gl_pathv[slots] = copy;
    g->gl_pathv[slots + 1] = NULL;
    g->gl_pathc++;
    return 0;
}

static bool is_pattern(const char *s, size_t n) {
    return strcspn(s, "*?[\\") < n;
}

/* Adds a path that has no pattern left, if there is such a file. */
static int path_check(struct search *search, const char *path) {
    struct stat st;

    if (lstat(path, &st) < 0)
        return 0;
    if ((search->flags & GLOB_MARK) && S_ISLNK(st.st_mode))
        stat(path, &st);
    return path_add(search->g, path, (search->flags & GLOB_MARK) && S_ISDIR(st.st_mode));
}

static int expand(struct search *search, const char *base, const char *pattern);

/* Goes on with the entry called name, which matched, behind base. */
static int entry_enter(struct search *search, const char *base, const char *name,
                       const char *rest) {
    char path[PATH_MAX];

    if (snprintf(path, sizeof(path), "%s%s", base, name) >= (int)sizeof(path))
        return 0; /* longer than any file's name can be */
    return expand(search, path, rest);
}

/* Matches one part of the pattern, n bytes long, against the directory base ("" is "."). */
static int directory_search(struct search *search, const char *base, const char *pattern,
                            size_t n) {
    int match_flags = FNM_PERIOD | (search->flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0);
    DIR *dir = opendir(*base == '\0' ? "." : base);
    char *part = strndup(pattern, n);
    struct dirent *entry;
    int result = part == NULL ? GLOB_NOSPACE : 0;

    if (dir == NULL && result == 0 && errno != ENOTDIR)
        if ((search->on_error != NULL && search->on_error(base, errno)) ||
            (search->flags & GLOB_ERR))
            result = GLOB_ABORTED;
    while (dir != NULL && result == 0 && (entry = readdir(dir)) != NULL)
        if (fnmatch(part, entry->d_name, match_flags) == 0)
            result = entry_enter(search, base, entry->d_name, pattern + n);
    if (dir != NULL)
        closedir(dir);
    free(part);
    return result;
}

/* Finds all that matches pattern behind base, whose names are decided. */
static int expand(struct search *search, const char *base, const char *pattern) {
    char path[PATH_MAX];
    size_t fixed = 0, n;

    /* Whole parts without a pattern, and all slashes, go to base as they stand. */
    for (;;) {
        fixed += strspn(pattern + fixed, "/");
        n = strcspn(pattern + fixed, "/");
        if (n == 0 || is_pattern(pattern + fixed, n))
            break;
        fixed += n;
    }
    if (snprintf(path, sizeof(path), "%s%.*s", base, (int)fixed, pattern) >= (int)sizeof(path))
        return 0;
    if (n == 0)
        return path_check(search, path);
    return directory_search(search, path, pattern + fixed, n);
}

static int path_compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int glob(const char *pattern, int flags, int (*on_error)(const char *path, int error),
         glob_t *g) {
    struct search search = { .g = g, .flags = flags, .on_error = on_error };
    size_t before, i;
    int result;

    if (!(flags & GLOB_DOOFFS))
        g->gl_offs = 0;
    if (!(flags & GLOB_APPEND)) {
        g->gl_pathc = 0;
        g->gl_pathv = calloc(capacity_of(g->gl_offs + 1), sizeof(*g->gl_pathv));
        if (g->gl_pathv == NULL)
            return GLOB_NOSPACE;
    }
    before = g->gl_pathc;
    result = expand(&search, "", pattern);
    if (result != 0)
        return result;
    if (g->gl_pathc == before)
        return flags & GLOB_NOCHECK ? path_add(g, pattern, false) : GLOB_NOMATCH;
    i = g->gl_offs + before;
    if (!(flags & GLOB_NOSORT))
        qsort(g->gl_pathv + i, g->gl_pathc - before, sizeof(*g->gl_pathv), path_compare);
    return 0;
}

void globfree(glob_t *g) {
    size_t i;

    for (i = 0; i < g->gl_pathc; i++)
        free(g->gl_pathv[g->gl_offs + i]);
    free(g->gl_pathv);
    g->gl_pathv = NULL;
    g->gl_pathc = 0;
}
