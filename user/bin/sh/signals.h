/*
 * How the shell takes signals: by default, not at all, or by noting that they came, for
 * trap.c to act on between commands.
 */
#ifndef SH_SIGNALS_H
#define SH_SIGNALS_H

#include <stdbool.h>

/* The default action, whatever was inherited or set before. */
void signal_default(int sig);

/* These return 0, or -1 with errno. */
int signal_ignore(int sig);
int signal_catch(int sig);

/* The lowest number of a signal that was caught and not yet taken, or 0. */
int signal_arrived(void);

/* Takes it; false if it had not come. */
bool signal_take(int sig);

#endif
