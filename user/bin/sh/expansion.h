/*
 * Between expand.c, subst.c and fields.c: text on its way from a word to fields.  Each
 * character carries where it came from, which decides what may still be done with it.
 */
#ifndef SH_EXPANSION_H
#define SH_EXPANSION_H

#include "ast.h"

enum origin {
    FROM_SOURCE, /* unquoted in the command itself: patterns, but no splitting */
    FROM_VALUE,  /* of an unquoted expansion: patterns and splitting */
    FROM_QUOTES, /* neither */
    FIELD_BREAK, /* not a character: between the fields of "$@" */
    FIELD_NULL,  /* not a character: quotes with nothing in them, which make a field */
};

struct expansion {
    char *text;
    unsigned char *origin;
    size_t len;
    size_t cap;
    bool single;     /* the result is one string: no fields */
    bool assignment; /* ~ after colons */
    bool failed;     /* an error was reported */
};

void expansion_add(struct expansion *out, const char *text, size_t len, enum origin origin);
void expansion_mark(struct expansion *out, enum origin mark);
void expansion_free(struct expansion *out);

/* Reports an error and marks the expansion as failed. */
__attribute__((format(printf, 2, 3))) void expansion_fail(struct expansion *out,
                                                          const char *format, ...);

/* Appends all parts; BARE is the origin of their unquoted text. */
void expand_parts(struct expansion *out, const struct word *word, enum origin bare);

/* Appends what one ${...} stands for (param.c). */
void expand_param(struct expansion *out, const struct word_part *part);

/* Appends the output of a command without its last newlines (subst.c). */
void expand_command(struct expansion *out, const struct node *command, enum origin origin);

/* Splits, matches file names and appends the results to FIELDS (fields.c). */
void fields_make(const struct expansion *in, struct arena *arena, struct strlist *fields);

/* The plain text, and the text as a pattern with quoted characters escaped. */
char *expansion_text(const struct expansion *in, size_t from, size_t to, struct arena *arena);
char *expansion_pattern(const struct expansion *in, size_t from, size_t to,
                        struct arena *arena);

#endif
