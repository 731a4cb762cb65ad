/* The last steps of an expansion: splitting at IFS, file name patterns, plain text. */
#include "expand.h"
#include "expansion.h"
#include "shell.h"
#include "vars.h"

#include <fnmatch.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

bool pattern_matches(const char *pattern, const char *text) {
    return fnmatch(pattern, text, 0) == 0;
}

static bool is_character(const struct expansion *in, size_t at) {
    return in->origin[at] != FIELD_NULL && in->origin[at] != FIELD_BREAK;
}

char *expansion_text(const struct expansion *in, size_t from, size_t to, struct arena *arena) {
    char *text = arena_alloc(arena, to - from + 1);
    size_t len = 0;

    for (size_t i = from; i < to; i++) {
        if (is_character(in, i))
            text[len++] = in->text[i];
        else if (in->origin[i] == FIELD_BREAK)
            text[len++] = ' ';
    }
    return text;
}

char *expansion_pattern(const struct expansion *in, size_t from, size_t to,
                        struct arena *arena) {
    char *pattern = arena_alloc(arena, 2 * (to - from) + 1);
    size_t len = 0;

    for (size_t i = from; i < to; i++) {
        if (in->origin[i] == FROM_QUOTES && strchr("*?[]\\!^-", in->text[i]))
            pattern[len++] = '\\';
        if (is_character(in, i))
            pattern[len++] = in->text[i];
        else if (in->origin[i] == FIELD_BREAK)
            pattern[len++] = ' ';
    }
    return pattern;
}

/* Is there anything to match?  A [ without its ] is not, or the command [ would be. */
static bool has_pattern(const struct expansion *in, size_t from, size_t to) {
    bool bracket = false;

    for (size_t i = from; i < to; i++) {
        char c = in->origin[i] <= FROM_VALUE ? in->text[i] : '\0';

        if (c == '*' || c == '?' || (c == ']' && bracket))
            return true;
        bracket |= c == '[';
    }
    return false;
}

/* Appends the files that match; false when there are none. */
static bool add_matches(const char *pattern, struct arena *arena, struct strlist *fields) {
    glob_t found;
    bool any;

    memset(&found, 0, sizeof(found));
    any = glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc > 0;
    for (size_t i = 0; any && i < found.gl_pathc; i++)
        strlist_add(fields, arena_strdup(arena, found.gl_pathv[i]));
    globfree(&found);
    return any;
}

static void add_field(const struct expansion *in, size_t from, size_t to, struct arena *arena,
                      struct strlist *fields) {
    if (!shell.options.noglob && has_pattern(in, from, to) &&
        add_matches(expansion_pattern(in, from, to, arena), arena, fields))
        return;
    strlist_add(fields, expansion_text(in, from, to, arena));
}

static bool is_ifs_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}

/*
 * XCU 2.6.5: IFS blanks around and between fields vanish; any other IFS character ends one
 * field, so that two in a row have an empty one between them.
 */
void fields_make(const struct expansion *in, struct arena *arena, struct strlist *fields) {
    const char *ifs = var_get("IFS");
    bool open = false;        /* a field has begun, at START */
    bool blank_ended = false; /* one was ended by a blank: a delimiter may still follow */
    size_t start = 0;

    ifs = ifs ? ifs : " \t\n";
    for (size_t i = 0; i < in->len; i++) {
        bool splits = in->origin[i] == FROM_VALUE && strchr(ifs, in->text[i]);

        if (!splits && in->origin[i] != FIELD_BREAK) {
            start = open ? start : i;
            open = true;
            blank_ended = false;
            continue;
        }
        if (open)
            add_field(in, start, i, arena, fields);
        else if (splits && !is_ifs_blank(in->text[i]) && !blank_ended)
            strlist_add(fields, arena_strdup(arena, ""));
        blank_ended = splits && is_ifs_blank(in->text[i]) && (open || blank_ended);
        open = false;
    }
    if (open)
        add_field(in, start, in->len, arena, fields);
}
