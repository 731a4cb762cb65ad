/*
 * grep [-EFivnclLqrswxohH] [-m N] [-A N] [-B N] [-C N] [-e PATTERN]... [-f FILE] [PATTERN]
 * [FILE]...: prints the lines that match; -A, -B, -C: and N lines after, before, around each.
 * Status 0: some did, 1: none, 2: trouble.
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

#define USAGE                                                                                  \
    "[-EFivnclLqrswxohH] [-m N] [-A N] [-B N] [-C N] [-e PATTERN] [-f FILE] [PATTERN] [FILE]..."

static struct {
    bool invert, number, count, list, list_without, quiet, recurse, no_messages, only, with_name;
    int name_choice;            /* -1: -h, 1: -H, 0: depends on how many files there are */
    int flags;
    long long limit;            /* matching lines for each file; -1: all */
    unsigned long before, after; /* lines of context */
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

/* What follows name and number tells a match (:) from its context (-). */
static void prefix_print(const char *name, unsigned long number, char mark) {
    if (options.with_name)
        printf("%s%c", name, mark);
    if (options.number)
        printf("%lu%c", number, mark);
}

/* -o: every match in the line, each on a line of its own. */
static void matches_print(const struct line *line, const char *name, unsigned long number) {
    struct match match;
    size_t from = 0;
    while (from <= line->length &&
           pattern_search(pattern, line->text, line->length, from, &match)) {
        if (match.end > match.start) {
            prefix_print(name, number, ':');
            fwrite(line->text + match.start, 1, match.end - match.start, stdout);
            putchar('\n');
        }
        from = match.end > match.start ? match.end : match.end + 1;
    }
}

static void line_print(const struct line *line, const char *name, unsigned long number, char mark) {
    if (options.only && !options.invert && mark == ':') {
        matches_print(line, name, number);
    } else if (!options.only) {
        prefix_print(name, number, mark);
        fwrite(line->text, 1, line->length, stdout);
        putchar('\n');
    }
}

/* The lines before the next match: number N of the file is in held[N % options.before]. */
static struct line *held;
static unsigned long last_printed;      /* its number in this file */
static bool any_printed;

static void line_hold(const struct line *line, unsigned long number) {
    if (options.before == 0)
        return;
    if (held == NULL)
        held = memset(cmd_alloc(options.before * sizeof(*held)), 0, options.before * sizeof(*held));
    struct line *slot = &held[number % options.before];
    slot->text = cmd_realloc(slot->text, line->length);
    slot->length = line->length;
    memcpy(slot->text, line->text, line->length);
}

/* A match, with those lines before it that were not printed yet. */
static void match_print(const struct line *line, const char *name, unsigned long number) {
    unsigned long first = last_printed + 1;
    if (number > options.before && first < number - options.before)
        first = number - options.before;
    if (any_printed && (options.before || options.after) && !options.only &&
        (first > last_printed + 1 || last_printed == 0))
        puts("--");
    for (; first < number; first++)
        line_print(&held[first % options.before], name, first, '-');
    line_print(line, name, number, ':');
    last_printed = number;
    any_printed = true;
}

/* A line that does not match: printed if it comes soon enough after one that did. */
static void context_print(const struct line *line, const char *name, unsigned long number,
                          unsigned long *after) {
    if (*after == 0) {
        line_hold(line, number);
        return;
    }
    --*after;
    line_print(line, name, number, '-');
    last_printed = number;
}

static void file_grep(struct reader *r) {
    struct line line;
    unsigned long number = 0, after = 0;
    long long hits = 0;
    bool quiet = options.quiet || options.count || options.list || options.list_without;
    bool first_is_enough = options.quiet || options.list || options.list_without;
    last_printed = 0;
    while ((hits != options.limit || after > 0) && reader_line(r, '\n', &line)) {
        number++;
        if (hits == options.limit ||
            pattern_search(pattern, line.text, line.length, 0, NULL) == options.invert) {
            if (!quiet)
                context_print(&line, r->name, number, &after);
            continue;
        }
        hits++;
        if (!quiet) {
            match_print(&line, r->name, number);
            after = options.after;
        }
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

static unsigned long context_require(const char *text) {
    long long lines = number_require(text, "number of lines");
    if (lines < 0)
        cmd_die("invalid number of lines: '%s'", text);
    return lines;
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
    case 'A': options.after = context_require(optarg); break;
    case 'B': options.before = context_require(optarg); break;
    case 'C': options.before = options.after = context_require(optarg); break;
    case 'e': patterns_add(optarg); break;
    case 'f': patterns_add_file(optarg); break;
    default: cmd_usage(USAGE);
    }
}

int main(int argc, char **argv) {
    int option;
    bool given = false;
    cmd_begin(argv, 2);
    while ((option = getopt(argc, argv, "EFGiywxvnclLqrRsohHm:A:B:C:e:f:")) != -1) {
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
