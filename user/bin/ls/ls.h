/* ls: what its files share. */
#ifndef BIN_LS_LS_H
#define BIN_LS_LS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct entry {
    char *name;             /* as shown */
    char *path;             /* as opened */
    struct stat stat;       /* all zero when no option asks for it */
};

struct listing {
    struct entry *entries;
    size_t count, capacity;
};

enum layout { LAYOUT_ONE, LAYOUT_COLUMNS, LAYOUT_LONG };

extern struct ls_options {
    enum layout layout;
    bool all, almost_all, directory_itself, recurse, human, inodes, blocks, reverse, marks, slash;
    bool numeric_ids, color, terminal;
    char sort;              /* 'n' name, 't' time, 'S' size, 'U' as they come */
    char time;              /* 'm' modification, 'a' access, 'c' inode change */
} options;

/* The time that is shown and sorted by. */
const struct timespec *entry_time(const struct entry *entry);

/* Prints the entries in the layout of the options. `total`: a directory's, with its sum. */
void listing_print(const struct listing *listing, bool total);

#endif
