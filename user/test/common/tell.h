/*
 * What the scheduler is told through /proc/sched.
 */
#ifndef TEST_TELL_H
#define TEST_TELL_H

#include <stdbool.h>

/* Writes a line as `sched` does ("rr", "quantum 2ms"); false, with errno, if it is refused. */
bool sched_tell(const char *line);

#endif
