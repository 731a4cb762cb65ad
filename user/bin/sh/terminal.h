/* The controlling terminal: who is in the foreground, and its modes while a line is typed. */
#ifndef SH_TERMINAL_H
#define SH_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

struct termios;

/* Looks for the controlling terminal, for the functions below to work on; they do nothing if
 * there is none. */
void terminal_find(void);

/* Waits, stopped, until the shell is in the foreground, and puts it into its own process group
 * there.  False if there is no terminal that would let it. */
bool terminal_claim(void);

/* Gives the terminal back to the group that terminal_claim found there. */
void terminal_release(void);

/* Is the shell's group the foreground group? */
bool terminal_is_ours(void);

/* Makes GROUP the foreground group if the shell is that now.  True if it is then, for
 * terminal_take_back to end. */
bool terminal_lend(pid_t group);
void terminal_take_back(void);

/* The modes that a job has set and wants again; false without a terminal. */
bool terminal_modes_get(struct termios *modes);
void terminal_modes_set(const struct termios *modes);

/* Character-at-a-time input without echo, and back.  False: not a terminal. */
bool terminal_raw(void);
void terminal_cooked(void);

/* Puts back the modes of before the last terminal_raw, after a program stopped or died. */
void terminal_restore(void);

/* Characters in a line of the screen. */
int terminal_width(void);

/* May escape sequences be written? */
bool terminal_is_smart(void);

#endif
