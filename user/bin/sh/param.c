/* Parameters: what $name and ${name op word} stand for. */
#include "expand.h"
#include "expansion.h"
#include "parse.h"
#include "shell.h"
#include "vars.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *option_letters(char *letters) {
    const struct options *options = &shell.options;
    char *end = letters;

    *end = 'a', end += options->allexport;
    *end = 'e', end += options->errexit;
    *end = 'f', end += options->noglob;
    *end = 'C', end += options->noclobber;
    *end = 'i', end += shell.interactive;
    *end = 'm', end += shell.job_control;
    *end = 'u', end += options->nounset;
    *end = 'v', end += options->verbose;
    *end = 'x', end += options->xtrace;
    *end = '\0';
    return letters;
}

static const char *positional_get(const char *digits) {
    long index = strtol(digits, NULL, 10);

    if (index == 0)
        return shell.arg0;
    return index <= params.count ? params.items[index - 1] : NULL;
}

const char *param_get(const char *name) {
    static char buffer[24];
    long number;

    if (isdigit((unsigned char)*name))
        return positional_get(name);
    if (*name == '#')
        number = params.count;
    else if (*name == '?')
        number = shell.status;
    else if (*name == '$')
        number = shell.pid;
    else if (*name == '!')
        number = shell.last_async;
    else if (strcmp(name, "LINENO") == 0)
        number = shell.line;
    else
        return *name == '-' ? option_letters(buffer) : var_get(name);
    if (*name == '!' && number == 0)
        return NULL;
    snprintf(buffer, sizeof(buffer), "%ld", number);
    return buffer;
}

static bool is_all(const char *name) {
    return (*name == '@' || *name == '*') && name[1] == '\0';
}

/* $* and $@: fields of their own, or, as "$*", one with the first character of IFS between. */
static void expand_all(struct expansion *out, const struct word_part *part) {
    enum origin origin = part->quoted ? FROM_QUOTES : FROM_VALUE;
    bool joined = *part->text == '*' && (part->quoted || out->single);
    const char *ifs = var_get("IFS");

    for (int i = 0; i < params.count; i++) {
        size_t len = strlen(params.items[i]);

        if (i > 0 && joined)
            expansion_add(out, ifs ? ifs : " ", ifs && !*ifs ? 0 : 1, origin);
        else if (i > 0)
            expansion_mark(out, FIELD_BREAK);
        expansion_add(out, params.items[i], len, origin);
        if (len == 0 && part->quoted)
            expansion_mark(out, FIELD_NULL);
    }
}

static void expand_value(struct expansion *out, const struct word_part *part) {
    const char *value;

    if (is_all(part->text)) {
        expand_all(out, part);
        return;
    }
    value = param_get(part->text);
    if (value)
        expansion_add(out, value, strlen(value), part->quoted ? FROM_QUOTES : FROM_VALUE);
}

/* Is the parameter set, and not null either if the operator has a colon? */
static bool param_counts(const struct word_part *part) {
    const char *value;

    if (is_all(part->text))
        return params.count > 0 && (!part->null_counts || params.count > 1 || *params.items[0]);
    value = param_get(part->text);
    return value && (*value || !part->null_counts);
}

static void assign_default(struct expansion *out, const struct word_part *part) {
    struct arena *scratch = arena_new();
    const char *value;

    if (!name_is_valid(part->text, strlen(part->text))) {
        expansion_fail(out, "%s: cannot assign in this way", part->text);
    } else {
        value = expand_string(part->word, scratch);
        if (!value || !var_set(part->text, value)) {
            out->failed = true;
            shell_abort(2);
        } else {
            expand_value(out, part);
        }
    }
    arena_put(scratch);
}

static void complain(struct expansion *out, const struct word_part *part) {
    struct arena *scratch = arena_new();
    const char *message = expand_string(part->word, scratch);

    if (message && *message)
        expansion_fail(out, "%.80s: %.160s", part->text, message);
    else
        expansion_fail(out, "%.80s: parameter not set%s", part->text,
                       part->null_counts ? " or null" : "");
    arena_put(scratch);
}

static void expand_length(struct expansion *out, const struct word_part *part) {
    const char *value = is_all(part->text) ? NULL : param_get(part->text);
    size_t length = is_all(part->text) ? (size_t)params.count : value ? strlen(value) : 0;
    char digits[24];

    snprintf(digits, sizeof(digits), "%zu", length);
    expansion_add(out, digits, strlen(digits), part->quoted ? FROM_QUOTES : FROM_VALUE);
}

/* Appends VALUE without the shortest or longest start that matches. */
static void add_without_prefix(struct expansion *out, char *value, const char *pattern,
                               bool longest, enum origin origin) {
    size_t len = strlen(value);
    size_t cut = 0;

    for (size_t i = 0; i <= len; i++) {
        size_t at = longest ? len - i : i;
        char saved = value[at];
        bool matches;

        value[at] = '\0';
        matches = pattern_matches(pattern, value);
        value[at] = saved;
        if (matches) {
            cut = at;
            break;
        }
    }
    expansion_add(out, value + cut, len - cut, origin);
}

static void add_without_suffix(struct expansion *out, const char *value, const char *pattern,
                               bool longest, enum origin origin) {
    size_t len = strlen(value);
    size_t keep = len;

    for (size_t i = 0; i <= len; i++) {
        size_t at = longest ? i : len - i;

        if (pattern_matches(pattern, value + at)) {
            keep = at;
            break;
        }
    }
    expansion_add(out, value, keep, origin);
}

static void expand_trim(struct expansion *out, const struct word_part *part) {
    enum origin origin = part->quoted ? FROM_QUOTES : FROM_VALUE;
    bool longest = part->op == PARAM_PREFIX_LONG || part->op == PARAM_SUFFIX_LONG;
    struct arena *scratch = arena_new();
    const char *pattern = expand_pattern(part->word, scratch);
    const char *value = is_all(part->text) ? "" : param_get(part->text);
    char *copy = arena_strdup(scratch, value ? value : "");

    if (!pattern)
        out->failed = true;
    else if (part->op == PARAM_PREFIX || part->op == PARAM_PREFIX_LONG)
        add_without_prefix(out, copy, pattern, longest, origin);
    else
        add_without_suffix(out, copy, pattern, longest, origin);
    arena_put(scratch);
}

static bool is_unset_error(const struct word_part *part) {
    if (!shell.options.nounset || is_all(part->text) || param_get(part->text))
        return false;
    return part->op == PARAM_PLAIN || part->op == PARAM_LENGTH || part->op >= PARAM_PREFIX;
}

static void expand_operator(struct expansion *out, const struct word_part *part) {
    bool counts = param_counts(part);

    switch (part->op) {
    case PARAM_PLAIN:
        expand_value(out, part);
        break;
    case PARAM_LENGTH:
        expand_length(out, part);
        break;
    case PARAM_ALTERNATIVE:
        if (counts)
            expand_parts(out, part->word, FROM_VALUE);
        break;
    case PARAM_DEFAULT:
    case PARAM_ASSIGN:
    case PARAM_ERROR:
        if (counts)
            expand_value(out, part);
        else if (part->op == PARAM_DEFAULT)
            expand_parts(out, part->word, FROM_VALUE);
        else if (part->op == PARAM_ASSIGN)
            assign_default(out, part);
        else
            complain(out, part);
        break;
    default:
        expand_trim(out, part);
        break;
    }
}

void expand_param(struct expansion *out, const struct word_part *part) {
    size_t before = out->len;

    if (is_unset_error(part)) {
        expansion_fail(out, "%.80s: parameter not set", part->text);
        return;
    }
    expand_operator(out, part);
    if (part->quoted && *part->text != '@' && out->len == before)
        expansion_mark(out, FIELD_NULL);
}
