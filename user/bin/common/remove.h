/* Removing files and trees: rm, and mv from one file system to another. */
#ifndef BIN_COMMON_REMOVE_H
#define BIN_COMMON_REMOVE_H

#include <stdbool.h>

struct remove_options {
    bool recurse;       /* directories with what is in them */
    bool force;         /* never ask; what is not there is no error */
    bool ask;           /* before every removal */
    bool directories;   /* empty directories too */
    bool verbose;
};

/* Removes `path`. Reports what fails; returns whether all is gone. */
bool remove_path(const char *path, const struct remove_options *options);

#endif
