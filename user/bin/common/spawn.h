/* Running another program: env, xargs, find -exec and time share it. */
#ifndef BIN_COMMON_SPAWN_H
#define BIN_COMMON_SPAWN_H

#include <sys/resource.h>

/*
 * Becomes the program argv[0], looked up in PATH. When that fails, reports it
 * and ends the process with 127 (no such program) or 126 (there, but will not run).
 */
void exec_or_exit(char **argv) __attribute__((noreturn));

/*
 * Runs the program and waits for it. Returns its wait status, or -1 after
 * reporting that no process could be made. `usage` may be NULL.
 */
int spawn_wait(char **argv, struct rusage *usage);

/* A wait status as a shell shows it: the exit status, or 128 + signal. */
int wait_status_code(int status);

#endif
