/* Removing files and trees. */
#include "remove.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "tree.h"

struct removal {
    const struct remove_options *options;
    bool good;
};

static bool may_remove(const char *path, const struct stat *st,
                       const struct remove_options *options) {
    const char *kind = S_ISDIR(st->st_mode) ? "directory" : "file";
    if (options->ask)
        return cmd_confirm("remove %s '%s'", kind, path);
    /* POSIX: ask about what is write-protected when there is somebody to ask. On a file system that
     * is read-only there is nothing to decide. */
    bool guarded = !options->force && !S_ISLNK(st->st_mode) && access(path, W_OK) < 0 &&
                   errno == EACCES;
    if (guarded && isatty(STDIN_FILENO))
        return cmd_confirm("remove write-protected %s '%s'", kind, path);
    return true;
}

static bool one_remove(const char *path, const struct stat *st,
                       const struct remove_options *options) {
    if (!may_remove(path, st, options))
        return true;
    if ((S_ISDIR(st->st_mode) ? rmdir(path) : unlink(path)) < 0) {
        if (options->force && errno == ENOENT)
            return true;
        cmd_warn_errno("cannot remove '%s'", path);
        return false;
    }
    if (options->verbose)
        printf("removed '%s'\n", path);
    return true;
}

static enum tree_verdict node_remove(enum tree_event event, const struct tree_node *node,
                                     void *context) {
    struct removal *removal = context;
    if (event == TREE_ENTRY && S_ISDIR(node->stat.st_mode)) {
        if (removal->options->ask && !cmd_confirm("descend into directory '%s'", node->path))
            return TREE_PRUNE;
        return TREE_GO;
    }
    if (!one_remove(node->path, &node->stat, removal->options))
        removal->good = false;
    return TREE_GO;
}

bool remove_path(const char *path, const struct remove_options *options) {
    struct stat st;
    if (lstat(path, &st) < 0) {
        if (options->force && (errno == ENOENT || errno == ENOTDIR))
            return true;
        cmd_warn_errno("cannot remove '%s'", path);
        return false;
    }
    if (S_ISDIR(st.st_mode) && options->recurse) {
        struct removal removal = { .options = options, .good = true };
        tree_walk(path, 0, node_remove, &removal);
        return removal.good && cmd_status == 0;
    }
    if (S_ISDIR(st.st_mode) && !options->directories) {
        errno = EISDIR;
        cmd_warn_errno("cannot remove '%s'", path);
        return false;
    }
    return one_remove(path, &st, options);
}
