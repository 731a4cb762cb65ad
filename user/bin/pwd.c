/* pwd [-LP]: prints the current directory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"

/* -L: the shell's idea of it, when that is a path without dots that leads here. */
static const char *logical_directory(void) {
    const char *path = getenv("PWD");
    struct stat a, b;
    if (path == NULL || path[0] != '/' || strstr(path, "/./") || strstr(path, "/../"))
        return NULL;
    if (stat(path, &a) < 0 || stat(".", &b) < 0)
        return NULL;
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino ? path : NULL;
}

int main(int argc, char **argv) {
    int option, logical = 0;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "LP")) != -1) {
        if (option == '?')
            cmd_usage("[-LP]");
        logical = option == 'L';
    }
    const char *path = logical ? logical_directory() : NULL;
    if (path == NULL)
        path = getcwd(NULL, 0);
    if (path == NULL)
        cmd_die_errno("cannot get the current directory");
    puts(path);
    return cmd_end(0);
}
