/* The controlling terminal: who is in the foreground, and its modes while a line is typed. */
#ifndef SH_TERMINAL_H
#define SH_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

/* Puts the shell into its own process group in the foreground of the terminal on standard
 * input.  False if there is no terminal that would let it. */
bool terminal_claim(void);

/* Makes GROUP the terminal's foreground group. */
void terminal_give(pid_t group);

/* Character-at-a-time input without echo, and back.  False: not a terminal. */
bool terminal_raw(void);
void terminal_cooked(void);

/* Puts back the modes of before the last terminal_raw, after a program died in between. */
void terminal_restore(void);

/* Characters in a line of the screen. */
int terminal_width(void);

/* May escape sequences be written? */
bool terminal_is_smart(void);

#endif
