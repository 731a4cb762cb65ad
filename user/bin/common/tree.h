/* A walk over a directory tree: find, rm, chmod, chown and du share it. */
#ifndef BIN_COMMON_TREE_H
#define BIN_COMMON_TREE_H

#include <stdbool.h>
#include <sys/stat.h>

enum tree_event {
    TREE_ENTRY,         /* anything; a directory before what is in it */
    TREE_LEAVE,         /* a directory, after what is in it */
};

enum tree_verdict {
    TREE_GO,            /* on with the walk */
    TREE_PRUNE,         /* do not look into this directory (and send no TREE_LEAVE) */
    TREE_STOP,          /* end the whole walk */
};

struct tree_node {
    const char *path;   /* as reached from the starting point */
    const char *name;   /* the last part of it */
    int depth;          /* 0 for the starting point */
    struct stat stat;   /* of the link itself, unless links are followed */
};

/* Flags of tree_walk. */
#define TREE_FOLLOW_START 1     /* a symbolic link as starting point means its target */

typedef enum tree_verdict (*tree_visit)(enum tree_event event, const struct tree_node *node,
                                        void *context);

/*
 * Walks over `start` and everything below it. A directory is read whole and
 * closed before the walk descends, so the visitor may remove what it is shown,
 * and depth costs no descriptors. What cannot be examined or read is reported
 * and left out. Returns false when the visitor stopped the walk.
 */
bool tree_walk(const char *start, int flags, tree_visit visit, void *context);

/*
 * The names in a directory but "." and "..", as a NULL-terminated array (one
 * allocation for each name and one for the array), in the directory's order.
 * Returns NULL with errno set when it cannot be read.
 */
char **directory_names(const char *path);
void directory_names_free(char **names);

#endif
