/* The walk over the parts of a word. */
#include "expand.h"
#include "expansion.h"
#include "parse.h"
#include "shell.h"
#include "vars.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Expansions may grow without bound (x=$(yes)), so here a lack of memory is an error of
 * the command and not the end of the shell. */
static bool expansion_reserve(struct expansion *out, size_t more) {
    size_t cap = out->len + more;
    char *text;
    unsigned char *origin;

    if (cap <= out->cap)
        return true;
    cap += cap / 2 + 64;
    text = realloc(out->text, cap);
    if (text)
        out->text = text;
    origin = text ? realloc(out->origin, cap) : NULL;
    if (!origin) {
        expansion_fail(out, "expansion: out of memory");
        return false;
    }
    out->origin = origin;
    out->cap = cap;
    return true;
}

void expansion_add(struct expansion *out, const char *text, size_t len, enum origin origin) {
    if (len == 0 || out->failed || !expansion_reserve(out, len))
        return;
    memcpy(out->text + out->len, text, len);
    memset(out->origin + out->len, origin, len);
    out->len += len;
}

void expansion_mark(struct expansion *out, enum origin mark) {
    expansion_add(out, "", 1, mark);
}

void expansion_free(struct expansion *out) {
    free(out->text);
    free(out->origin);
}

void expansion_fail(struct expansion *out, const char *format, ...) {
    char message[256];
    va_list args;

    if (!out->failed) {
        va_start(args, format);
        vsnprintf(message, sizeof(message), format, args);
        va_end(args);
        shell_error("%s", message);
    }
    out->failed = true;
    shell_abort(2);
}

/* Is the ~ at AT alone, up to a slash, the end, or a colon in an assignment? */
static bool is_tilde(const struct expansion *out, const struct word_part *part, size_t at) {
    char next = part->text[at + 1];

    if (next == '\0')
        return part->next == NULL;
    return next == '/' || (next == ':' && out->assignment);
}

static void expand_text(struct expansion *out, const struct word_part *part, bool first,
                        enum origin bare) {
    const char *text = part->text;
    const char *home = var_get("HOME");

    if (part->quoted && *text == '\0') {
        expansion_mark(out, FIELD_NULL);
        return;
    }
    if (part->quoted || !home || !strchr(text, '~')) {
        expansion_add(out, text, strlen(text), part->quoted ? FROM_QUOTES : bare);
        return;
    }
    for (size_t i = 0; text[i]; i++) {
        bool begins = i == 0 ? first : out->assignment && text[i - 1] == ':';

        if (begins && text[i] == '~' && is_tilde(out, part, i))
            expansion_add(out, home, strlen(home), FROM_QUOTES);
        else
            expansion_add(out, text + i, 1, bare);
    }
}

static void expand_arith(struct expansion *out, const struct word *word, enum origin origin) {
    struct arena *scratch = arena_new();
    const char *expression = expand_string(word, scratch);
    char digits[24];
    long long value;

    if (expression && arith_evaluate(expression, &value)) {
        snprintf(digits, sizeof(digits), "%lld", value);
        expansion_add(out, digits, strlen(digits), origin);
    } else {
        out->failed = true;
        shell_abort(2);
    }
    arena_put(scratch);
}

void expand_parts(struct expansion *out, const struct word *word, enum origin bare) {
    const struct word_part *part = word->parts;

    if (shell_stack_is_low())
        expansion_fail(out, "expansion nested too deeply");
    for (; part && !out->failed; part = part->next) {
        enum origin origin = part->quoted ? FROM_QUOTES : FROM_VALUE;
        size_t before = out->len;

        switch (part->kind) {
        case PART_TEXT:
            expand_text(out, part, part == word->parts, bare);
            break;
        case PART_PARAM:
            expand_param(out, part);
            break;
        case PART_COMMAND:
            expand_command(out, part->command, origin);
            break;
        case PART_ARITH:
            expand_arith(out, part->word, origin);
            break;
        }
        if (part->quoted && part->kind == PART_COMMAND && out->len == before)
            expansion_mark(out, FIELD_NULL);
    }
}

bool expand_fields(const struct word *word, struct arena *arena, struct strlist *fields) {
    struct expansion out = {0};

    expand_parts(&out, word, FROM_SOURCE);
    if (!out.failed)
        fields_make(&out, arena, fields);
    expansion_free(&out);
    return !out.failed;
}

char *expand_string(const struct word *word, struct arena *arena) {
    struct expansion out = {.single = true};
    char *text = NULL;

    expand_parts(&out, word, FROM_SOURCE);
    if (!out.failed)
        text = expansion_text(&out, 0, out.len, arena);
    expansion_free(&out);
    return text;
}

char *expand_assignment(const struct word *word, struct arena *arena) {
    struct expansion out = {.single = true, .assignment = true};
    char *text = NULL;

    expand_parts(&out, word, FROM_SOURCE);
    if (!out.failed)
        text = expansion_text(&out, 0, out.len, arena);
    expansion_free(&out);
    return text;
}

char *expand_pattern(const struct word *word, struct arena *arena) {
    struct expansion out = {.single = true};
    char *pattern = NULL;

    expand_parts(&out, word, FROM_SOURCE);
    if (!out.failed)
        pattern = expansion_pattern(&out, 0, out.len, arena);
    expansion_free(&out);
    return pattern;
}

const char *expand_prompt(const char *text, struct arena *arena) {
    bool failed = false;
    struct word *word = word_from_text(text, strlen(text), 1, arena, &failed);
    int status = shell.status;
    char *result = failed ? NULL : expand_string(word, arena);

    shell.status = status;
    shell.unwind = UNWIND_NONE;
    return result ? result : text;
}
