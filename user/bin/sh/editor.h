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
};

/* Inserts at the cursor. */
void editor_insert(struct editor *editor, const char *text, size_t len);

/* Completes the file or command name before the cursor, or lists what it could be. */
void editor_complete(struct editor *editor);

#endif
