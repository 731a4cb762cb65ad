/* Copying files and trees: cp, and mv from one file system to another. */
#ifndef BIN_COMMON_COPY_H
#define BIN_COMMON_COPY_H

#include <stdbool.h>

#include "links.h"

struct copy_options {
    bool recurse;           /* directories with what is in them */
    bool keep_links;        /* a symbolic link is copied as one, else what it points at */
    bool preserve;          /* owner, mode and times go along; hard links stay linked */
    bool force;             /* a target that cannot be opened is removed first */
    bool keep;              /* what exists already stays */
    bool ask;               /* before an existing file is replaced */
    bool verbose;
    struct link_set links;  /* what was copied so far, for hard links */
};

/* Copies `from` to the name `to`. Reports what fails; returns whether all went well. */
bool copy_path(const char *from, const char *to, struct copy_options *options);

/* Copies everything from one descriptor to another. Reports under the names. */
bool copy_data(int in, const char *from, int out, const char *to);

#endif
