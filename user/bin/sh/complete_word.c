/* The word before the cursor: see complete_word.h.  Enough of the lexer for a line that has no end
 * yet: quotes, and what separates words and commands. */
#include "complete_word.h"
#include "parse.h"

#include <string.h>

struct scan {
    struct strbuf text;
    char quote;
    bool in_word;
    bool has_command; /* the command's name stands before this word */
    bool is_target;   /* this word is behind < or > */
};

/* `then`, `do`, ... and assignments: a command's name is still to come. */
static bool precedes_command(const char *word) {
    static const char *const keywords[] = {"!",    "{",    "if",    "then", "else",
                                           "elif", "while", "until", "do"};

    for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
        if (strcmp(word, keywords[i]) == 0)
            return true;
    }
    return strchr(word, '=') != NULL;
}

static void end_word(struct scan *scan) {
    if (!scan->in_word)
        return;
    if (scan->is_target)
        scan->is_target = false;
    else if (!precedes_command(strbuf_text(&scan->text)))
        scan->has_command = true;
    scan->in_word = false;
    strbuf_truncate(&scan->text, 0);
}

/* A character outside quotes that is in no word. */
static void separate(struct scan *scan, char c) {
    end_word(scan);
    if (c == '<' || c == '>')
        scan->is_target = true;
    else if (strchr("|&;(", c))
        scan->has_command = scan->is_target = false;
}

static void add(struct scan *scan, char c) {
    strbuf_add_char(&scan->text, c);
    scan->in_word = true;
}

/* Looks at the character at LINE; returns how many it took. */
static size_t scan_one(struct scan *scan, const char *line, size_t left) {
    char c = *line;

    if (scan->quote && c == scan->quote) {
        scan->quote = '\0';
    } else if (!scan->quote && (c == '\'' || c == '"')) {
        scan->quote = c;
        scan->in_word = true;
    } else if (c == '\\' && scan->quote != '\'' && left > 1) {
        add(scan, line[1]);
        return 2;
    } else if (!scan->quote && strchr(" \t|&;<>()", c)) {
        separate(scan, c);
    } else {
        add(scan, c);
    }
    return 1;
}

/* The name behind the last $, if nothing but a name follows it and it is none of '$'. */
static void find_variable(struct typed_word *word) {
    const char *dollar = word->quote == '\'' ? NULL : strrchr(word->text, '$');
    const char *name;

    if (!dollar)
        return;
    word->braced = dollar[1] == '{';
    name = dollar + 1 + word->braced;
    if (*name == '\0' || name_is_valid(name, strlen(name)))
        word->variable = name;
}

struct typed_word typed_word_find(const char *line, size_t len, struct arena *arena) {
    struct scan scan = {0};
    struct typed_word word = {0};

    for (size_t at = 0; at < len;)
        at += scan_one(&scan, line + at, len - at);
    word.text = arena_strdup(arena, strbuf_text(&scan.text));
    word.quote = scan.quote;
    word.is_command = !scan.has_command && !scan.is_target;
    strbuf_free(&scan.text);
    find_variable(&word);
    return word;
}
