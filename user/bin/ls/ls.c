/*
 * ls [-1aACcdFhiklnprRsStuU] [--color[=auto|always|never]] [FILE]...: lists files, and what is
 * in directories. On a terminal in columns and colours, else one a line.
 */
#include "ls.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/path.h"
#include "../common/tree.h"

#define USAGE "[-1aACcdFhiklnprRsStuU] [--color=WHEN] [FILE]..."

struct ls_options options = { .sort = 'n', .time = 'm' };

const struct timespec *entry_time(const struct entry *entry) {
    if (options.time == 'a')
        return &entry->stat.st_atim;
    return options.time == 'c' ? &entry->stat.st_ctim : &entry->stat.st_mtim;
}

static int times_compare(const struct timespec *a, const struct timespec *b) {
    if (a->tv_sec != b->tv_sec)
        return a->tv_sec < b->tv_sec ? 1 : -1;
    return (a->tv_nsec < b->tv_nsec) - (a->tv_nsec > b->tv_nsec);
}

/* The newest and the largest go first; names decide what is left. */
static int entries_compare(const void *left, const void *right) {
    const struct entry *a = left, *b = right;
    int order = 0;
    if (options.sort == 't')
        order = times_compare(entry_time(a), entry_time(b));
    else if (options.sort == 'S')
        order = (a->stat.st_size < b->stat.st_size) - (a->stat.st_size > b->stat.st_size);
    if (order == 0)
        order = strcmp(a->name, b->name);
    return options.reverse ? -order : order;
}

static void listing_sort(struct listing *listing) {
    if (options.sort != 'U' && listing->count > 1)
        qsort(listing->entries, listing->count, sizeof(struct entry), entries_compare);
}

static void listing_free(struct listing *listing) {
    for (size_t i = 0; i < listing->count; i++) {
        free(listing->entries[i].name);
        free(listing->entries[i].path);
    }
    free(listing->entries);
}

/* Adds an entry; the listing owns `path` from now on. */
static struct entry *listing_add(struct listing *listing, const char *name, char *path) {
    if (listing->count == listing->capacity) {
        listing->capacity = listing->capacity ? listing->capacity * 2 : 32;
        listing->entries =
            cmd_realloc(listing->entries, listing->capacity * sizeof(struct entry));
    }
    struct entry *entry = &listing->entries[listing->count++];
    memset(entry, 0, sizeof(*entry));
    entry->name = cmd_strdup(name);
    entry->path = path;
    return entry;
}

/* Plain names need no look at the inodes, which is most of the work. */
static bool stat_is_needed(void) {
    return options.layout == LAYOUT_LONG || options.recurse || options.inodes ||
           options.blocks || options.marks || options.slash || options.color ||
           options.sort == 't' || options.sort == 'S';
}

static bool is_shown(const char *name) {
    return name[0] != '.' || options.all || options.almost_all;
}

static void name_add(struct listing *listing, const char *directory, const char *name) {
    struct entry *entry = listing_add(listing, name, path_join(directory, name));
    if (stat_is_needed() && lstat(entry->path, &entry->stat) < 0) {
        cmd_warn_errno("%s", entry->path);
        free(entry->name);
        free(entry->path);
        listing->count--;
    }
}

static bool is_dots(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Entries are looked at while the directory is open: of /dev/fd it is one itself. */
static bool directory_read(const char *path, struct listing *listing) {
    DIR *directory = opendir(path);
    struct dirent *found;
    int error = directory ? 0 : errno;
    for (errno = 0; directory && (found = readdir(directory)); errno = 0) {
        if (is_dots(found->d_name) ? options.all : is_shown(found->d_name))
            name_add(listing, path, found->d_name);
    }
    if (directory) {
        error = errno;
        closedir(directory);
    }
    if (error) {
        errno = error;
        cmd_warn_errno("%s", path);
    }
    return error == 0;
}

static bool any_printed;

static void directory_list(const char *path, bool title) {
    struct listing listing = { NULL, 0, 0 };
    if (!directory_read(path, &listing))
        return;
    if (title)
        printf("%s%s:\n", any_printed ? "\n" : "", path);
    any_printed = true;
    listing_sort(&listing);
    listing_print(&listing, true);
    for (size_t i = 0; options.recurse && i < listing.count; i++) {
        struct entry *entry = &listing.entries[i];
        if (S_ISDIR(entry->stat.st_mode) && !is_dots(entry->name))
            directory_list(entry->path, true);
    }
    listing_free(&listing);
}

/* A link to a directory that is named on the command line means the directory. */
static bool argument_stat(const char *path, struct stat *st) {
    bool itself = options.layout == LAYOUT_LONG || options.directory_itself || options.marks;
    if (!itself && stat(path, st) == 0 && S_ISDIR(st->st_mode))
        return true;
    return lstat(path, st) == 0;
}

static void arguments_list(char **paths, int count) {
    struct listing files = { NULL, 0, 0 }, directories = { NULL, 0, 0 };
    for (int i = 0; i < count; i++) {
        struct stat st;
        if (!argument_stat(paths[i], &st)) {
            cmd_warn_errno("%s", paths[i]);
            continue;
        }
        bool directory = S_ISDIR(st.st_mode) && !options.directory_itself;
        struct listing *listing = directory ? &directories : &files;
        listing_add(listing, paths[i], cmd_strdup(paths[i]))->stat = st;
    }
    listing_sort(&files);
    listing_sort(&directories);
    if (files.count > 0) {
        listing_print(&files, false);
        any_printed = true;
    }
    for (size_t i = 0; i < directories.count; i++)
        directory_list(directories.entries[i].path, count > 1 || options.recurse);
    listing_free(&files);
    listing_free(&directories);
}

static void color_choose(const char *when) {
    const char *terminal = getenv("TERM");
    bool plain = (terminal && strcmp(terminal, "dumb") == 0) || getenv("NO_COLOR");
    if (strcmp(when, "always") == 0)
        options.color = true;
    else if (strcmp(when, "never") == 0)
        options.color = false;
    else if (strcmp(when, "auto") == 0)
        options.color = options.terminal && !plain;
    else
        cmd_die("--color is auto, always or never, not '%s'", when);
}

static void option_take(int option) {
    switch (option) {
    case '1': options.layout = LAYOUT_ONE; break;
    case 'C': options.layout = LAYOUT_COLUMNS; break;
    case 'l': options.layout = LAYOUT_LONG; break;
    case 'n': options.layout = LAYOUT_LONG; options.numeric_ids = true; break;
    case 'a': options.all = true; break;
    case 'A': options.almost_all = true; break;
    case 'd': options.directory_itself = true; break;
    case 'F': options.marks = true; break;
    case 'p': options.slash = true; break;
    case 'h': options.human = true; break;
    case 'i': options.inodes = true; break;
    case 's': options.blocks = true; break;
    case 'k': break;
    case 'r': options.reverse = true; break;
    case 'R': options.recurse = true; break;
    case 'S': case 't': case 'U': options.sort = option; break;
    case 'u': options.time = 'a'; break;
    case 'c': options.time = option; break;
    case '=': color_choose(optarg ? optarg : "always"); break;
    default: cmd_usage(USAGE);
    }
}

int main(int argc, char **argv) {
    static const struct option long_options[] = {
        { "color", optional_argument, NULL, '=' }, { NULL, 0, NULL, 0 }
    };
    int option;
    cmd_begin(argv, 2);
    options.terminal = isatty(STDOUT_FILENO);
    options.layout = options.terminal ? LAYOUT_COLUMNS : LAYOUT_ONE;
    color_choose("auto");
    while ((option = getopt_long(argc, argv, "1aACcdFhiklnprRsStuU", long_options, NULL)) != -1)
        option_take(option);
    if (options.directory_itself)
        options.recurse = false;
    char *here[] = { ".", NULL };
    if (optind < argc)
        arguments_list(argv + optind, argc - optind);
    else
        arguments_list(here, 1);
    return cmd_end(cmd_status);
}
