/*
 * Handlers for tests: they count, and keep what they are told.
 */
#ifndef TEST_HANDLER_H
#define TEST_HANDLER_H

#include <signal.h>
#include <stdbool.h>

extern volatile sig_atomic_t calls; /* since the last handle() */
extern siginfo_t told;              /* by the last of them */

/* The handler: counts and keeps. */
void note_call(int sig, siginfo_t *info, void *context);

/* Installs a handler with SA_SIGINFO and `flags`; from now on calls are counted from 0. */
void handle(int sig, int flags, void (*handler)(int, siginfo_t *, void *));

/* Are there `count` calls? Waits some seconds for them. */
bool calls_reach(int count);

/* sigprocmask of one signal. */
void block(int how, int sig);

#endif
