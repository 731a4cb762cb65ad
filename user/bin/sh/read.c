/* read: one line of standard input into variables. */
#include "builtins.h"
#include "exec.h"
#include "parse.h"
#include "shell.h"
#include "signals.h"
#include "vars.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A line; ESCAPED has a 1 for each character after a backslash, which splits nothing. */
struct line {
    struct strbuf text;
    struct strbuf escaped;
};

static void line_add(struct line *line, char c, bool escaped) {
    strbuf_add_char(&line->text, c);
    strbuf_add_char(&line->escaped, escaped);
}

/* One character, without taking more from the input; 1, 0 at the end, or -1. */
static int read_char(char *c) {
    ssize_t got;

    do
        got = read(STDIN_FILENO, c, 1);
    while (got < 0 && errno == EINTR && !signal_arrived());
    return got;
}

/* Reads up to a newline; false if the input ended before it. */
static bool read_line(struct line *line, bool raw) {
    bool after_backslash = false;
    char c;

    while (read_char(&c) == 1) {
        if (after_backslash) {
            if (c != '\n')
                line_add(line, c, true);
            after_backslash = false;
        } else if (c == '\\' && !raw) {
            after_backslash = true;
        } else if (c == '\n') {
            return true;
        } else if (c != '\0') {
            line_add(line, c, false);
        }
    }
    return false;
}

static bool splits(const struct line *line, size_t at, const char *ifs, bool blank) {
    char c = line->text.text[at];

    if (line->escaped.text[at] || !strchr(ifs, c))
        return false;
    return !blank || c == ' ' || c == '\t' || c == '\n';
}

static size_t skip_blanks(const struct line *line, size_t at, const char *ifs) {
    while (at < line->text.len && splits(line, at, ifs, true))
        at++;
    return at;
}

/* The end of the field at AT, and in *NEXT the start of the one after it. */
static size_t field_end(const struct line *line, size_t at, const char *ifs, size_t *next) {
    size_t end = at;

    while (end < line->text.len && !splits(line, end, ifs, false))
        end++;
    *next = skip_blanks(line, end, ifs);
    if (*next < line->text.len && splits(line, *next, ifs, false))
        *next = skip_blanks(line, *next + 1, ifs);
    return end;
}

/* The last variable gets all the rest, without blanks at its end, and without a delimiter
 * that ends its only field. */
static size_t rest_end(const struct line *line, size_t at, const char *ifs) {
    size_t end = line->text.len;
    size_t next;
    size_t first_end = field_end(line, at, ifs, &next);

    if (next == end)
        return first_end;
    while (end > at && splits(line, end - 1, ifs, true))
        end--;
    return end;
}

static bool assign_range(const struct line *line, const char *name, size_t from, size_t to) {
    char *value = xstrndup(strbuf_text(&line->text) + from, to - from);
    bool done = var_set(name, value);

    free(value);
    return done;
}

static bool assign_fields(const struct line *line, int count, char **names) {
    const char *set = var_get("IFS");
    char *ifs = xstrdup(set ? set : " \t\n");
    size_t at = skip_blanks(line, 0, ifs);
    bool done = true;

    for (int i = 0; i < count; i++) {
        size_t next = line->text.len;
        size_t end = i + 1 < count ? field_end(line, at, ifs, &next) : rest_end(line, at, ifs);

        done &= assign_range(line, names[i], at, end);
        at = next;
    }
    free(ifs);
    return done;
}

int builtin_read(int argc, char **argv) {
    static char reply[] = "REPLY";
    char *default_names[] = {reply};
    struct line line = {0};
    bool raw = false, complete, done;
    int i = 1;

    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "-r") == 0) {
            raw = true;
        } else if (strcmp(argv[i], "-p") == 0 && i + 1 < argc) {
            i++;
            (void)!write(STDERR_FILENO, argv[i], strlen(argv[i]));
        } else {
            shell_error("read: %s: no such option", argv[i]);
            return 2;
        }
    }
    for (int j = i; j < argc; j++) {
        if (!name_is_valid(argv[j], strlen(argv[j]))) {
            shell_error("read: %s: not a name", argv[j]);
            return 2;
        }
    }
    complete = read_line(&line, raw);
    done = assign_fields(&line, i < argc ? argc - i : 1, i < argc ? argv + i : default_names);
    strbuf_free(&line.text);
    strbuf_free(&line.escaped);
    return !(complete && done);
}
