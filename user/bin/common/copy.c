/* Copying files and trees. */
#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "mode.h"
#include "path.h"
#include "reader.h"
#include "resolve.h"
#include "tree.h"

bool copy_data(int in, const char *from, int out, const char *to) {
    static char *buffer;
    if (buffer == NULL)
        buffer = cmd_alloc(BLOCK_SIZE);
    for (;;) {
        ssize_t n = read(in, buffer, BLOCK_SIZE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            cmd_warn_errno("error reading '%s'", from);
        if (n <= 0)
            return n == 0;
        if (cmd_write_all(out, buffer, n) < 0) {
            cmd_warn_errno("error writing '%s'", to);
            return false;
        }
    }
}

/* Owner, mode and times, in this order: a change of owner may clear set-id bits. */
static bool attributes_copy(const char *to, const struct stat *st) {
    const struct timespec times[2] = { st->st_atim, st->st_mtim };
    bool good = true;
    /* Only the superuser may give files away; everybody else keeps what he can. */
    if (lchown(to, st->st_uid, st->st_gid) < 0 && errno != EPERM)
        good = false;
    if (!S_ISLNK(st->st_mode) && chmod(to, st->st_mode & 07777) < 0)
        good = false;
    if (utimensat(AT_FDCWD, to, times, AT_SYMLINK_NOFOLLOW) < 0)
        good = false;
    if (!good)
        cmd_warn_errno("preserving attributes of '%s'", to);
    return good;
}

static int target_open(const char *to, mode_t mode, bool force) {
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode & 0777);
    if (out < 0 && force && unlink(to) == 0)
        out = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode & 0777);
    if (out < 0)
        cmd_warn_errno("cannot create '%s'", to);
    return out;
}

static bool file_copy(const char *from, const char *to, mode_t mode, bool force) {
    int in = open(from, O_RDONLY);
    if (in < 0) {
        cmd_warn_errno("cannot open '%s'", from);
        return false;
    }
    int out = target_open(to, mode, force);
    bool good = out >= 0 && copy_data(in, from, out, to);
    close(in);
    if (out >= 0 && close(out) < 0) {
        cmd_warn_errno("error writing '%s'", to);
        good = false;
    }
    return good;
}

static bool link_copy(const char *from, const char *to) {
    char *target = link_target(from);
    if (target == NULL) {
        cmd_warn_errno("cannot read link '%s'", from);
        return false;
    }
    int failed = symlink(target, to);
    if (failed && errno == EEXIST && !path_is_directory(to) && unlink(to) == 0)
        failed = symlink(target, to);
    if (failed)
        cmd_warn_errno("cannot create link '%s'", to);
    free(target);
    return !failed;
}

static bool special_copy(const char *to, const struct stat *st) {
    int failed = mknod(to, st->st_mode, st->st_rdev);
    if (failed && errno == EEXIST && unlink(to) == 0)
        failed = mknod(to, st->st_mode, st->st_rdev);
    if (failed)
        cmd_warn_errno("cannot create '%s'", to);
    return !failed;
}

static bool directory_copy(const char *from, const char *to, const struct stat *st,
                           struct copy_options *options) {
    /* Writable by us until everything is in, whatever the original allows. */
    bool made = mkdir(to, (st->st_mode & 0777) | 0700) == 0;
    if (!made && !(errno == EEXIST && path_is_directory(to))) {
        cmd_warn_errno("cannot create directory '%s'", to);
        return false;
    }
    char **names = directory_names(from);
    if (names == NULL) {
        cmd_warn_errno("cannot read directory '%s'", from);
        return false;
    }
    bool good = true;
    for (char **name = names; *name; name++) {
        char *below = path_join(from, *name), *copy = path_join(to, *name);
        good &= copy_path(below, copy, options);
        free(below);
        free(copy);
    }
    directory_names_free(names);
    if (made && !options->preserve)
        chmod(to, st->st_mode & 0777 & ~mode_umask());
    return good;
}

/* True when the file is a hard link to one copied before, and now `to` is one to that copy. */
static bool hard_link_made(const char *to, const struct stat *st, struct copy_options *options) {
    if (!options->preserve || st->st_nlink < 2 || S_ISDIR(st->st_mode))
        return false;
    const char *first = link_set_find_or_add(&options->links, st, to);
    if (first == NULL)
        return false;
    if (link(first, to) == 0)
        return true;
    return errno == EEXIST && unlink(to) == 0 && link(first, to) == 0;
}

/* The checks that come before anything is touched. */
static bool may_copy(const char *from, const char *to, const struct stat *st,
                     const struct copy_options *options) {
    struct stat target;
    bool exists = (options->keep_links ? lstat(to, &target) : stat(to, &target)) == 0;
    if (exists && target.st_dev == st->st_dev && target.st_ino == st->st_ino) {
        cmd_warn("'%s' and '%s' are the same file", from, to);
    } else if (S_ISDIR(st->st_mode) && !options->recurse) {
        cmd_warn("omitting directory '%s'", from);
    } else if (S_ISDIR(st->st_mode) && exists && !S_ISDIR(target.st_mode)) {
        cmd_warn("cannot replace '%s' by a directory", to);
    } else if (!S_ISDIR(st->st_mode) && exists && S_ISDIR(target.st_mode)) {
        cmd_warn("cannot replace directory '%s' by '%s'", to, from);
    } else if (S_ISDIR(st->st_mode) && path_is_inside(to, st)) {
        cmd_warn("cannot copy a directory into itself: '%s' to '%s'", from, to);
    } else {
        return true;
    }
    return false;
}

static bool contents_copy(const char *from, const char *to, const struct stat *st,
                          struct copy_options *options) {
    if (S_ISDIR(st->st_mode))
        return directory_copy(from, to, st, options);
    if (S_ISLNK(st->st_mode))
        return link_copy(from, to);
    if (S_ISREG(st->st_mode) || !options->recurse)
        return file_copy(from, to, st->st_mode, options->force);
    return special_copy(to, st);
}

/* Is there a file at `to` that is to stay as it is? */
static bool target_stays(const char *to, const struct stat *st, const struct copy_options *options) {
    struct stat target;
    if (S_ISDIR(st->st_mode) || lstat(to, &target) < 0)
        return false;
    return options->keep || (options->ask && !cmd_confirm("overwrite '%s'", to));
}

bool copy_path(const char *from, const char *to, struct copy_options *options) {
    struct stat st;
    if ((options->keep_links ? lstat(from, &st) : stat(from, &st)) < 0) {
        cmd_warn_errno("%s", from);
        return false;
    }
    if (!may_copy(from, to, &st, options))
        return false;
    if (target_stays(to, &st, options))
        return true;
    if (options->verbose)
        printf("'%s' -> '%s'\n", from, to);
    if (hard_link_made(to, &st, options))
        return true;
    bool good = contents_copy(from, to, &st, options);
    if (good && options->preserve)
        good = attributes_copy(to, &st);
    return good;
}
