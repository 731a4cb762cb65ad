/*
 * diff [-u | -U LINES] [-qrN] OLD NEW: how two files differ; -r: and all files in two
 * directories. Status 0: not at all, 1: they do, 2: trouble.
 */
#include "diff.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "../common/number.h"
#include "../common/path.h"
#include "../common/reader.h"
#include "../common/tree.h"

#define USAGE "[-u | -U LINES] [-qrN] OLD NEW"

static long context = -1;       /* -1: the normal form */
static bool brief, recurse, new_files;
static bool any_difference;

static unsigned long line_hash(const struct line *line) {
    unsigned long hash = 14695981039346656037ul;        /* FNV-1a */
    for (size_t i = 0; i < line->length; i++)
        hash = (hash ^ (unsigned char)line->text[i]) * 1099511628211ul;
    return hash;
}

static bool file_load(struct diff_file *file, const char *path, bool absent) {
    struct reader r;
    struct line line;
    long capacity = 0;
    *file = (struct diff_file){ .name = path };
    if (absent)
        return true;
    if (!reader_open(&r, path))
        return false;
    while (reader_line(&r, '\n', &line)) {
        if (file->count == capacity) {
            capacity = capacity ? capacity * 2 : 256;
            file->lines = cmd_realloc(file->lines, capacity * sizeof(*file->lines));
        }
        char *text = memcpy(cmd_alloc(line.length), line.text, line.length);
        file->lines[file->count++] =
            (struct diff_line){ text, line.length, line_hash(&line), false };
        file->lacks_newline = !r.terminated;
    }
    reader_close(&r);
    return true;
}

static void file_free(struct diff_file *file) {
    for (long i = 0; i < file->count; i++)
        free((char *)file->lines[i].text);
    free(file->lines);
}

static bool any_changed(const struct diff_file *a, const struct diff_file *b) {
    struct hunk hunk = { 0, 0, 0, 0 };
    return hunk_find(a, b, &hunk);
}

/* The newline that one of the files lacks is a difference of its last line. */
static void last_lines_mark(struct diff_file *a, struct diff_file *b) {
    if (a->lacks_newline != b->lacks_newline && a->count > 0 && b->count > 0)
        (a->lacks_newline ? a : b)->lines[(a->lacks_newline ? a : b)->count - 1].hash ^= 1;
}

static void files_diff(const char *path_a, const char *path_b, bool absent_a, bool absent_b) {
    struct diff_file a, b;
    if (!file_load(&a, path_a, absent_a) || !file_load(&b, path_b, absent_b))
        return;
    last_lines_mark(&a, &b);
    files_compare(&a, &b);
    if (any_changed(&a, &b)) {
        any_difference = true;
        if (brief)
            printf("Files %s and %s differ\n", path_a, path_b);
        else if (recurse)
            printf("diff %s %s\n", path_a, path_b);
        if (!brief && context < 0)
            normal_print(&a, &b);
        else if (!brief)
            unified_print(&a, &b, context);
    }
    file_free(&a);
    file_free(&b);
}

static void paths_diff(const char *path_a, const char *path_b);

/* A name that is in one directory only. */
static void lone_report(const char *directory, const char *name, const char *path_a,
                        const char *path_b, bool in_a) {
    struct stat st;
    const char *path = in_a ? path_a : path_b;
    if (new_files && stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
        files_diff(path_a, path_b, !in_a, in_a);
        return;
    }
    printf("Only in %s: %s\n", directory, name);
    any_difference = true;
}

static int names_compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **sorted_names(const char *path) {
    char **names = directory_names(path);
    if (names == NULL)
        cmd_die_errno("%s", path);
    size_t count = 0;
    while (names[count])
        count++;
    qsort(names, count, sizeof(*names), names_compare);
    return names;
}

static void directories_diff(const char *path_a, const char *path_b) {
    char **names_a = sorted_names(path_a), **names_b = sorted_names(path_b);
    char **a = names_a, **b = names_b;
    while (*a || *b) {
        int order = !*a ? 1 : !*b ? -1 : strcmp(*a, *b);
        const char *name = order <= 0 ? *a : *b;
        char *below_a = path_join(path_a, name), *below_b = path_join(path_b, name);
        if (order == 0 && (recurse || !(path_is_directory(below_a) && path_is_directory(below_b))))
            paths_diff(below_a, below_b);
        else if (order == 0)
            printf("Common subdirectories: %s and %s\n", below_a, below_b);
        else
            lone_report(order < 0 ? path_a : path_b, name, below_a, below_b, order < 0);
        free(below_a);
        free(below_b);
        a += order <= 0;
        b += order >= 0;
    }
    directory_names_free(names_a);
    directory_names_free(names_b);
}

static void paths_diff(const char *path_a, const char *path_b) {
    bool directory_a = path_is_directory(path_a), directory_b = path_is_directory(path_b);
    if (directory_a && directory_b) {
        directories_diff(path_a, path_b);
    } else if (directory_a || directory_b) {
        printf("%s is a directory and %s is not\n", directory_a ? path_a : path_b,
               directory_a ? path_b : path_a);
        any_difference = true;
    } else {
        files_diff(path_a, path_b, false, false);
    }
}

int main(int argc, char **argv) {
    int option;
    cmd_begin(argv, 2);
    while ((option = getopt(argc, argv, "uU:qrN")) != -1) {
        switch (option) {
        case 'u': context = 3; break;
        case 'U': context = number_require(optarg, "number of lines"); break;
        case 'q': brief = true; break;
        case 'r': recurse = true; break;
        case 'N': new_files = true; break;
        default: cmd_usage(USAGE);
        }
    }
    if (argc - optind != 2 || context < -1)
        cmd_usage(USAGE);
    char *a = cmd_strdup(argv[optind]), *b = cmd_strdup(argv[optind + 1]);
    /* Of a file and a directory, the file of that name in the directory is meant. */
    if (path_is_directory(a) && !path_is_directory(b))
        a = path_into(a, b);
    else if (!path_is_directory(a) && path_is_directory(b))
        b = path_into(b, a);
    paths_diff(a, b);
    return cmd_end(cmd_status ? cmd_status : any_difference);
}
