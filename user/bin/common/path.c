/* Path names as text. */
#include "path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

char *path_join(const char *directory, const char *name) {
    size_t length = strlen(directory), name_size = strlen(name) + 1;
    bool slash = length > 0 && directory[length - 1] != '/';
    char *path = cmd_alloc(length + slash + name_size);
    memcpy(path, directory, length);
    if (slash)
        path[length] = '/';
    memcpy(path + length + slash, name, name_size);
    return path;
}

const char *path_last(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

/* The length without trailing slashes; a path of slashes alone keeps one. */
static size_t trimmed_length(const char *path) {
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length;
}

/* Fresh memory with the first `length` bytes, or with "." when there are none. */
static char *prefix_copy(const char *path, size_t length) {
    if (length == 0)
        return cmd_strdup(".");
    char *copy = cmd_alloc(length + 1);
    memcpy(copy, path, length);
    copy[length] = '\0';
    return copy;
}

char *path_base(const char *path) {
    size_t end = trimmed_length(path), start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    if (start == end)       /* "/" or "" */
        start = 0;
    char *copy = cmd_alloc(end - start + 1);
    memcpy(copy, path + start, end - start);
    copy[end - start] = '\0';
    return copy;
}

char *path_parent(const char *path) {
    size_t end = trimmed_length(path);
    while (end > 0 && path[end - 1] != '/')
        end--;
    while (end > 1 && path[end - 1] == '/')
        end--;
    return prefix_copy(path, end);
}

bool path_is_directory(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *path_into(const char *target, const char *source) {
    if (!path_is_directory(target))
        return cmd_strdup(target);
    char *base = path_base(source);
    char *path = path_join(target, base);
    free(base);
    return path;
}

bool target_check(const char *target, int sources) {
    if (sources == 1 || path_is_directory(target))
        return true;
    errno = ENOTDIR;
    cmd_warn_errno("target '%s'", target);
    return false;
}

bool path_is_inside(const char *path, const struct stat *outer) {
    /* Up through ".." from the parent to the root, which is its own parent. */
    char *here = path_parent(path);
    struct stat st, before = { 0 };
    bool inside = false;
    while (!inside && stat(here, &st) == 0) {
        inside = st.st_dev == outer->st_dev && st.st_ino == outer->st_ino;
        if (st.st_dev == before.st_dev && st.st_ino == before.st_ino)
            break;
        before = st;
        char *up = path_join(here, "..");
        free(here);
        here = up;
    }
    free(here);
    return inside;
}
