/* Typing a line: the editor, and the history of lines typed before. */
#ifndef SH_EDIT_H
#define SH_EDIT_H

#include "mem.h"

enum edit_result {
    EDIT_LINE,
    EDIT_INTERRUPT, /* ^C: nothing was added */
    EDIT_END,       /* ^D in an empty line, or the terminal is gone */
};

/* Shows PROMPT, lets the user type, and appends the line with its newline to LINE.  Without
 * a terminal it just reads.  The terminal is in its usual modes before and after. */
enum edit_result edit_line(const char *prompt, struct strbuf *line);

/* Remembers a line unless it is blank or was the last one. */
void history_add(const char *line);

/* The line with the number INDEX, the oldest being 0, or NULL; and how many there are. */
const char *history_get(size_t index);
size_t history_count(void);

#endif
