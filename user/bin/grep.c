/*
 * grep [-EFivnclLqrswxohH] [-m N] [-e PATTERN]... [-f FILE] [PATTERN] [FILE]...: prints the lines
 * that match. Status 0: some did, 1: none, 2: trouble.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/number.h"
#include "common/pattern.h"
#include "common/reader.h"
#include "common/tree.h"

#define USAGE "[-EFivnclLqrswxohH] [-m N] [-e PATTERN] [-f FILE] [PATTERN] [FILE]..."

static struct {
    bool invert, number, count, list, list_without, quiet, recurse, no_messages, only, with_name;
    int name_choice;            /* -1: -h, 1: -H, 0: depends on how many files there are */
    int flags;
    long long limit;            /* matching lines for each file; -1: all */
} options = { .limit = -1 };

static struct pattern *pattern;
static bool any_match;

/* The patterns are held back until all options are known: -i may come after -e. */
static char **pattern_texts;
static size_t pattern_count;

/* A text of several lines is several patterns. */
static void patterns_add(const char *text) {
    for (;;) {
        size_t length = strcspn(text, "\n");
        pattern_texts = cmd_realloc(pattern_texts, (pattern_count + 1) * sizeof(char *));
        char *copy = cmd_alloc(length + 1);
        memcpy(copy, text, length);
        copy[length] = '\0';
        pattern_texts[pattern_count++] = copy;
        if (text[length] == '\0')
            return;
        text += length + 1;
    }
}

static void patterns_add_file(const char *path) {
    struct reader r;
    struct line line;
    if (!reader_open(&r, path))
        exit(2);
    while (reader_line(&r, '\n', &line))
        patterns_add(line.text);
    reader_close(&r);
}

static void patterns_compile(void) {
    pattern = pattern_new(options.flags);
    for (size_t i = 0; i < pattern_count; i++) {
        const char *error = pattern_add(pattern, pattern_texts[i], strlen(pattern_texts[i]));
        if (error)
            cmd_die("%s: %s", pattern_texts[i], error);
    }
}

static void prefix_print(const char *name, unsigned long number) {
    if (options.with_name)
        printf("%s:", name);
    if (options.number)
        printf("%lu:", number);
}

/* -o: every match in the line, each on a line of its own. */
static void matches_print(const struct line *line, const char *name, unsigned long number) {
    struct match match;
    size_t from = 0;
    while (from <= line->length &&
           pattern_search(pattern, line->text, line->length, from, &match)) {
        if (match.end > match.start) {
            prefix_print(name, number);
            fwrite(line->text + match.start, 1, match.end - match.start, stdout);
            putchar('\n');
        }
        from = match.end > match.start ? match.end : match.end + 1;
    }
}

static void line_print(const struct line *line, const char *name, unsigned long number) {
    if (options.only && !options.invert) {
        matches_print(line, name, number);
    } else if (!options.only) {
        prefix_print(name, number);
        fwrite(line->text, 1, line->length, stdout);
        putchar('\n');
    }
}

static void file_grep(struct reader *r) {
    struct line line;
    unsigned long number = 0;
    long long hits = 0;
    bool quiet = options.quiet || options.count || options.list || options.list_without;
    bool first_is_enough = options.quiet || options.list || options.list_without;
    while (hits != options.limit && reader_line(r, '\n', &line)) {
        number++;
        if (pattern_search(pattern, line.text, line.length, 0, NULL) == options.invert)
            continue;
        hits++;
        if (!quiet)
            line_print(&line, r->name, number);
        if (first_is_enough)
            break;
    }
    any_match |= options.list_without ? hits == 0 : hits > 0;
    if (options.count && !options.quiet) {
        if (options.with_name)
            printf("%s:", r->name);
        printf("%lld\n", hits);
    }
    if ((options.list && hits > 0) || (options.list_without && hits == 0))
        printf("%s\n", r->name);
}

static void path_grep(const char *path) {
    struct reader r;
    /* -s: what cannot be opened is passed over in silence, but still is trouble. */
    if (options.no_messages && strcmp(path, "-") != 0 && access(path, R_OK) < 0) {
        cmd_status = 2;
        return;
    }
    if (!reader_open(&r, path))
        return;
    struct stat st;
    if (fstat(r.fd, &st) == 0 && S_ISDIR(st.st_mode))
        cmd_warn("%s: Is a directory", path);
    else
        file_grep(&r);
    reader_close(&r);
}

static enum tree_verdict tree_grep(enum tree_event event, const struct tree_node *node, void *none) {
    (void)none;
    bool wanted = S_ISREG(node->stat.st_mode) || (node->depth == 0 && !S_ISDIR(node->stat.st_mode));
    if (event == TREE_ENTRY && wanted)
        path_grep(node->path);
    return options.quiet && any_match ? TREE_STOP : TREE_GO;
}

static void paths_grep(char **paths) {
    static char *here[] = { ".", NULL }, *standard_input[] = { "-", NULL };
    if (*paths == NULL)
        paths = options.recurse ? here : standard_input;
    options.with_name = options.name_choice > 0 ||
                        (options.name_choice == 0 && (options.recurse || paths[1] != NULL));
    for (; *paths && !(options.quiet && any_match); paths++) {
        if (options.recurse && strcmp(*paths, "-") != 0)
            tree_walk(*paths, TREE_FOLLOW_START, tree_grep, NULL);
        else
            path_grep(*paths);
    }
}

static void option_take(int option) {
    switch (option) {
    case 'E': options.flags |= PATTERN_EXTENDED; break;
    case 'F': options.flags |= PATTERN_LITERAL; break;
    case 'G': options.flags &= ~(PATTERN_EXTENDED | PATTERN_LITERAL); break;
    case 'i': case 'y': options.flags |= PATTERN_FOLD; break;
    case 'w': options.flags |= PATTERN_WORD; break;
    case 'x': options.flags |= PATTERN_LINE; break;
    case 'v': options.invert = true; break;
    case 'n': options.number = true; break;
    case 'c': options.count = true; break;
    case 'l': options.list = true; break;
    case 'L': options.list_without = true; break;
    case 'q': options.quiet = true; break;
    case 'r': case 'R': options.recurse = true; break;
    case 's': options.no_messages = true; break;
    case 'o': options.only = true; break;
    case 'h': options.name_choice = -1; break;
    case 'H': options.name_choice = 1; break;
    case 'm': options.limit = number_require(optarg, "number of lines"); break;
    case 'e': patterns_add(optarg); break;
    case 'f': patterns_add_file(optarg); break;
    default: cmd_usage(USAGE);
    }
}

int main(int argc, char **argv) {
    int option;
    bool given = false;
    cmd_begin(argv, 2);
    while ((option = getopt(argc, argv, "EFGiywxvnclLqrRsohHm:e:f:")) != -1) {
        given |= option == 'e' || option == 'f';
        option_take(option);
    }
    if (!given) {
        if (optind == argc)
            cmd_usage(USAGE);
        patterns_add(argv[optind++]);
    }
    patterns_compile();
    paths_grep(argv + optind);
    if (options.quiet && any_match)
        return cmd_end(0);
    return cmd_end(cmd_status ? cmd_status : !any_match);
}
