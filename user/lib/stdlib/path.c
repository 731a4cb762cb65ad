/*
 * Paths: their parts, and the one without links and dots.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Removes slashes from the end, but not the only one. Returns the length that is left. */
static size_t slashes_strip(char *path, size_t n) {
    while (n > 1 && path[n - 1] == '/')
        n--;
    path[n] = '\0';
    return n;
}

char *basename(char *path) {
    char *slash;

    if (path == NULL || *path == '\0')
        return ".";
    slashes_strip(path, strlen(path));
    slash = strrchr(path, '/');
    return slash == NULL || slash[1] == '\0' ? path : slash + 1;
}

char *dirname(char *path) {
    char *slash;

    if (path == NULL || *path == '\0')
        return ".";
    slashes_strip(path, strlen(path));
    slash = strrchr(path, '/');
    if (slash == NULL)
        return ".";
    slashes_strip(path, slash - path + 1);
    return path;
}

/* A path under way: what is resolved, and what is still to be walked. */
struct walk {
    char done[PATH_MAX]; /* "/" or "/a/b"; no links, no dots */
    char rest[PATH_MAX];
    int links;
};

static int fail(int error) {
    errno = error;
    return -1;
}

/* Puts target before the rest of the path, as the kernel does when it meets a link. */
static int link_follow(struct walk *w, const char *target) {
    char joined[PATH_MAX];

    if (++w->links > SYMLOOP_MAX)
        return fail(ELOOP);
    if (snprintf(joined, sizeof(joined), "%s/%s", target, w->rest) >= (int)sizeof(joined))
        return fail(ENAMETOOLONG);
    if (target[0] == '/')
        strcpy(w->done, "/");
    strcpy(w->rest, joined);
    return 0;
}

/* Takes one step: a name of n bytes that is neither empty nor a dot. */
static int name_enter(struct walk *w, const char *name, size_t n) {
    size_t parent = strlen(w->done);
    const char *slash = parent > 1 ? "/" : "";
    char target[PATH_MAX];
    ssize_t len;

    if (parent + n + 2 > sizeof(w->done))
        return fail(ENAMETOOLONG);
    sprintf(w->done + parent, "%s%.*s", slash, (int)n, name);
    len = readlink(w->done, target, sizeof(target) - 1);
    if (len < 0) /* EINVAL: there, and no link */
        return errno == EINVAL ? 0 : -1;
    target[len] = '\0';
    w->done[parent] = '\0';
    return link_follow(w, target);
}

static int walk_step(struct walk *w) {
    char name[PATH_MAX];
    char *start = w->rest + strspn(w->rest, "/");
    size_t n = strcspn(start, "/");

    memcpy(name, start, n);
    name[n] = '\0';
    memmove(w->rest, start + n, strlen(start + n) + 1);
    if (n == 0 || strcmp(name, ".") == 0)
        return 0;
    if (strcmp(name, "..") == 0) {
        char *slash = strrchr(w->done, '/');

        slashes_strip(w->done, slash - w->done + 1);
        return 0;
    }
    return name_enter(w, name, n);
}

/*
 * The absolute path without links, dots and double slashes, all of whose parts exist; into
 * resolved (PATH_MAX bytes), or into memory that the caller frees when that is NULL.
 */
char *realpath(const char *path, char *resolved) {
    struct walk w = { .links = 0 };

    if (path[0] == '\0') {
        errno = ENOENT;
        return NULL;
    }
    strcpy(w.done, "/");
    if (path[0] != '/' && getcwd(w.done, sizeof(w.done)) == NULL)
        return NULL;
    if (strlcpy(w.rest, path, sizeof(w.rest)) >= sizeof(w.rest)) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    while (w.rest[0] != '\0')
        if (walk_step(&w) < 0)
            return NULL;
    return resolved == NULL ? strdup(w.done) : strcpy(resolved, w.done);
}
