/* Signals: what `trap` set, and what an interactive shell does to stay alive. */
#ifndef SH_TRAP_H
#define SH_TRAP_H

#include <stdbool.h>

/* Sets how the shell itself takes signals; shell.interactive is known. */
void traps_init(void);

/* In a child, while shell.interactive still says what its parent is: traps are
 * forgotten, but what is ignored stays ignored.  A background command without a process
 * group of its own (ALONE) ignores ^C and ^\ too. */
void traps_reset(bool alone);

/* In a child that must not stop: ^Z and the terminal's other stop signals are ignored. */
void traps_ignore_stops(void);

/* Is there any command to run on a signal or at the exit? */
bool trap_any(void);

/* Acts on the signals that have arrived: runs their commands; a ^C that reached the shell
 * itself ends the command line. */
void trap_run_pending(void);

/* For a wait: lets the end of a child interrupt sigsuspend; and no longer. */
void trap_watch_children(bool on);

/* The signal that trap_run_pending would act on first, or 0. */
int trap_arrived(void);

/* Has a hang-up come that ends the shell? */
bool trap_hung_up(void);

/* Forgets a ^C from before the prompt. */
void trap_forget_interrupt(void);

/* Runs the EXIT command, once; returns the status to end with. */
int trap_run_exit(int status);

/* The builtin. */
int builtin_trap(int argc, char **argv);

#endif
