/* Between edit.c and complete.c: the line that is being typed. */
#ifndef SH_EDITOR_H
#define SH_EDITOR_H

#include "display.h"

struct editor {
    struct strbuf text;
    size_t cursor;
    struct display display;
    size_t history_at;   /* the entry that is shown; history_count() is the new line */
    struct strbuf draft; /* the new line, while an old one is shown */
    bool was_unclear; /* the last key was a Tab that left several names */
};

/* Inserts at the cursor. */
void editor_insert(struct editor *editor, const char *text, size_t len);

/* Completes the command, file or variable before the cursor as far as that is clear; AGAIN, where
 * nothing is, lists what it could be. */
void editor_complete(struct editor *editor, bool again);

#endif
