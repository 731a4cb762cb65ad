/* ln [-sfnv] SOURCE... TARGET, ln [-sf] SOURCE: makes hard links, or with -s symbolic ones. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/path.h"

#define USAGE "[-sfnv] SOURCE... TARGET"

static bool symbolic, force, plain_target, verbose;

static int link_try(const char *source, const char *path) {
    return symbolic ? symlink(source, path) : link(source, path);
}

static void link_make(const char *source, const char *path) {
    int failed = link_try(source, path);
    if (failed && errno == EEXIST && force) {
        struct stat a, b;
        /* -f must not remove the very file that is to be linked. */
        bool same = !symbolic && stat(source, &a) == 0 && lstat(path, &b) == 0 &&
                    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
        if (same) {
            cmd_warn("'%s' and '%s' are the same file", source, path);
            return;
        }
        if (unlink(path) == 0)
            failed = link_try(source, path);
    }
    if (failed)
        cmd_warn_errno("cannot link '%s' to '%s'", path, source);
    else if (verbose)
        printf("'%s' -> '%s'\n", path, source);
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "sfnvT")) != -1) {
        switch (option) {
        case 's': symbolic = true; break;
        case 'f': force = true; break;
        case 'n': case 'T': plain_target = true; break;
        case 'v': verbose = true; break;
        default: cmd_usage(USAGE);
        }
    }
    int count = argc - optind;
    if (count == 0)
        cmd_usage(USAGE);
    const char *target = count == 1 ? "." : argv[argc - 1];
    int sources = count == 1 ? 1 : count - 1;
    if (!target_check(target, sources))
        return 1;
    for (int i = 0; i < sources; i++) {
        const char *source = argv[optind + i];
        char *path = plain_target ? cmd_strdup(target) : path_into(target, source);
        link_make(source, path);
        free(path);
    }
    return cmd_end(cmd_status);
}
