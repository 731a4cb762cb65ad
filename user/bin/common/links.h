/* A set of files by identity: du counts a file once, cp -a keeps hard links. */
#ifndef BIN_COMMON_LINKS_H
#define BIN_COMMON_LINKS_H

#include <sys/stat.h>

struct link_set {
    struct link_entry **buckets;
    unsigned long bucket_count, count;
};

/*
 * The path that was stored for this device and inode, or NULL when it is new;
 * then a copy of `path` is stored. An all-zero set is an empty set.
 */
const char *link_set_find_or_add(struct link_set *set, const struct stat *st, const char *path);

#endif
