/* Symbolic links: reading and resolving them. */
#include "resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "path.h"

#define LINKS_MAX 40

char *link_target(const char *path) {
    for (size_t size = 256;; size *= 2) {
        char *text = cmd_alloc(size);
        ssize_t length = readlink(path, text, size);
        if (length >= 0 && (size_t)length < size) {
            text[length] = '\0';
            return text;
        }
        free(text);
        if (length < 0)
            return NULL;
    }
}

/*
 * Appends one part to the resolved path; ".." takes one away. A link is not
 * appended: its target is returned, to be resolved before the rest.
 */
static char *part_append(char **resolved, const char *part) {
    if (*part == '\0' || strcmp(part, ".") == 0)
        return NULL;
    char *old = *resolved;
    *resolved = strcmp(part, "..") == 0 ? path_parent(old) : path_join(old, part);
    char *target = link_target(*resolved);
    if (target) {
        free(*resolved);
        *resolved = old;
    } else {
        free(old);
    }
    return target;
}

/* Takes one part off `rest`; replaces it by what a link leads to. False with errno: no way on. */
static bool part_resolve(char **resolved, char **rest, int *links) {
    char *end = *rest + strcspn(*rest, "/");
    char *behind = cmd_strdup(end + strspn(end, "/"));
    *end = '\0';
    char *target = part_append(resolved, *rest);
    free(*rest);
    *rest = behind;
    if (target == NULL)
        return true;
    if (*target == '/') {
        free(*resolved);
        *resolved = cmd_strdup("/");
    }
    *rest = path_join(target, behind);
    free(target);
    free(behind);
    errno = ELOOP;
    return ++*links <= LINKS_MAX;
}

char *path_resolve(const char *path, bool last_may_be_missing) {
    char *here = *path == '/' ? cmd_strdup("/") : getcwd(NULL, 0);
    char *rest = cmd_strdup(path);
    int links = 0;
    struct stat st;
    bool good = here != NULL && *path != '\0';
    if (*path == '\0')
        errno = ENOENT;
    while (good && *rest) {
        good = part_resolve(&here, &rest, &links);
        if (good && lstat(here, &st) < 0)
            good = errno == ENOENT && *rest == '\0' && last_may_be_missing;
    }
    free(rest);
    if (good)
        return here;
    free(here);
    return NULL;
}
