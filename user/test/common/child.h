/*
 * Children for tests: run something in one and look at how it ended.
 */
#ifndef TEST_CHILD_H
#define TEST_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/* Starts a child that exits with what body(arg) returns. Ends the program if fork fails. */
pid_t child_start(int (*body)(void *), void *arg);

/* Waits for a child: its wait status, or -1. */
int child_wait(pid_t pid);

/* The two in one. */
int child_run(int (*body)(void *), void *arg);

/*
 * Waits at most ms milliseconds; kills a child that is still there then, and sets *killed. The
 * wait status, or -1 when it does not even die of SIGKILL.
 */
int child_wait_limited(pid_t pid, int ms, bool *killed);

bool exited_with(int status, int code);
bool died_of(int status, int sig);

/* Bytes of memory that are free, or hold what can be read again from a disk. */
long memory_free(void);

/* Is memory back at `before`, but for `slack` bytes? Waits a little for the dead to be gone. */
bool memory_is_back(long before, long slack);

/* A path by which this program can be executed again. */
const char *own_path(void);

#endif
