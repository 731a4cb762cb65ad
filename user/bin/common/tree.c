/* A walk over a directory tree. */
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "path.h"

struct walk {
    int flags;
    tree_visit visit;
    void *context;
};

char **directory_names(const char *path) {
    DIR *dir = opendir(path);
    if (dir == NULL)
        return NULL;
    size_t count = 0, capacity = 16;
    char **names = cmd_alloc(capacity * sizeof(*names));
    struct dirent *entry;
    errno = 0;
    while ((entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (count + 1 == capacity) {
            capacity *= 2;
            names = cmd_realloc(names, capacity * sizeof(*names));
        }
        names[count++] = cmd_strdup(entry->d_name);
        errno = 0;
    }
    int error = errno;
    closedir(dir);
    names[count] = NULL;
    if (error) {
        directory_names_free(names);
        errno = error;
        return NULL;
    }
    return names;
}

void directory_names_free(char **names) {
    for (char **name = names; *name; name++)
        free(*name);
    free(names);
}

static bool walk_node(const struct walk *walk, const char *path, int depth);

/* Everything in the directory `path`, in the directory's own order. */
static bool walk_below(const struct walk *walk, const char *path, int depth) {
    char **names = directory_names(path);
    if (names == NULL) {
        cmd_warn_errno("%s", path);
        return true;
    }
    bool go_on = true;
    for (char **name = names; *name && go_on; name++) {
        char *child = path_join(path, *name);
        go_on = walk_node(walk, child, depth + 1);
        free(child);
    }
    directory_names_free(names);
    return go_on;
}

static bool walk_node(const struct walk *walk, const char *path, int depth) {
    /* On the heap: a stack frame for each level must stay small. */
    struct tree_node *node = cmd_alloc(sizeof(*node));
    bool follow = depth == 0 && (walk->flags & TREE_FOLLOW_START);
    bool go_on = true;
    if ((follow ? stat(path, &node->stat) : lstat(path, &node->stat)) < 0) {
        cmd_warn_errno("%s", path);
        free(node);
        return true;
    }
    node->path = path;
    node->name = path_last(path);
    node->depth = depth;
    enum tree_verdict verdict = walk->visit(TREE_ENTRY, node, walk->context);
    if (verdict == TREE_GO && S_ISDIR(node->stat.st_mode)) {
        go_on = walk_below(walk, path, depth);
        if (go_on)
            verdict = walk->visit(TREE_LEAVE, node, walk->context);
    }
    free(node);
    return go_on && verdict != TREE_STOP;
}

bool tree_walk(const char *start, int flags, tree_visit visit, void *context) {
    struct walk walk = { .flags = flags, .visit = visit, .context = context };
    return walk_node(&walk, start, 0);
}
