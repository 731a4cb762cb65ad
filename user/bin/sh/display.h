/*
 * The line on the screen.  It never takes more than one screen line: a long one scrolls
 * sideways, so that backspaces, spaces and carriage returns are all that is ever written,
 * and no terminal, however simple, is confused.
 */
#ifndef SH_DISPLAY_H
#define SH_DISPLAY_H

#include "mem.h"

struct display {
    const char *prompt;   /* its last line, the one that the text follows */
    size_t width;         /* columns of the screen */
    size_t room;          /* those behind the prompt */
    size_t first;         /* the first byte of the text that is visible */
    struct strbuf shown;  /* what stands on the screen behind the prompt */
    size_t cursor;        /* where in shown the screen's cursor is */
    struct strbuf output; /* what is to be written */
};

/* Writes the prompt. */
void display_start(struct display *display, const char *prompt);

/* Makes the screen, which may have got another width, show TEXT with the cursor before the byte
 * CURSOR. */
void display_update(struct display *display, const struct strbuf *text, size_t cursor);

/* Shows all of the text, then SUFFIX; the line is over. */
void display_finish(struct display *display, const struct strbuf *text, const char *suffix);

/* Begins again with the prompt on a new line, after something else was written. */
void display_again(struct display *display);

void display_free(struct display *display);

/* Is BYTE inside a UTF-8 character, not its first byte? */
bool is_continuation(char byte);

#endif
