/*
 * mv [-finv] SOURCE... TARGET: renames files. To another file system it copies, keeping
 * owner, mode and times, and removes the source when all of it has arrived.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/copy.h"
#include "common/path.h"
#include "common/remove.h"

#define USAGE "[-finv] SOURCE... TARGET"

static bool force, ask, keep, verbose;

/* May an existing target be replaced? */
static bool may_replace(const char *to) {
    struct stat st;
    if (lstat(to, &st) < 0)
        return true;
    if (keep)
        return false;
    if (ask)
        return cmd_confirm("overwrite '%s'", to);
    if (!force && !S_ISLNK(st.st_mode) && access(to, W_OK) < 0 && errno == EACCES &&
        isatty(STDIN_FILENO))
        return cmd_confirm("replace write-protected '%s'", to);
    return true;
}

static bool is_same_file(const char *from, const char *to) {
    struct stat a, b;
    return lstat(from, &a) == 0 && lstat(to, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static void across_move(const char *from, const char *to) {
    struct copy_options copy = { .recurse = true, .keep_links = true, .preserve = true };
    const struct remove_options removal = { .recurse = true, .force = true };
    /* As rename would: a file is replaced, a directory only when it is empty. */
    struct stat st;
    if (lstat(to, &st) == 0 && (S_ISDIR(st.st_mode) ? rmdir(to) : unlink(to)) < 0) {
        cmd_warn_errno("cannot replace '%s'", to);
        return;
    }
    if (copy_path(from, to, &copy))
        remove_path(from, &removal);
}

static void file_move(const char *from, const char *to) {
    struct stat st;
    if (lstat(from, &st) < 0) {
        cmd_warn_errno("%s", from);
        return;
    }
    if (is_same_file(from, to)) {
        cmd_warn("'%s' and '%s' are the same file", from, to);
        return;
    }
    if (!may_replace(to))
        return;
    if (S_ISDIR(st.st_mode) && path_is_inside(to, &st)) {
        cmd_warn("cannot move '%s' into itself: '%s'", from, to);
        return;
    }
    if (rename(from, to) < 0) {
        if (errno != EXDEV) {
            cmd_warn_errno("cannot move '%s' to '%s'", from, to);
            return;
        }
        across_move(from, to);
    }
    if (verbose)
        printf("renamed '%s' -> '%s'\n", from, to);
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 1);
    while ((option = getopt(argc, argv, "finv")) != -1) {
        if (option == 'v')
            verbose = true;
        else if (option == '?')
            cmd_usage(USAGE);
        else {
            /* Of -f, -i and -n the last one counts. */
            force = option == 'f';
            ask = option == 'i';
            keep = option == 'n';
        }
    }
    if (argc - optind < 2)
        cmd_usage(USAGE);
    const char *target = argv[argc - 1];
    if (!target_check(target, argc - optind - 1))
        return 1;
    for (; optind < argc - 1; optind++) {
        char *to = path_into(target, argv[optind]);
        file_move(argv[optind], to);
        free(to);
    }
    return cmd_end(cmd_status);
}
