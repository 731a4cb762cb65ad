// How nice threads are; the scheduler's policies may look at thread->nice.
#ifndef PROC_PRIORITY_H
#define PROC_PRIORITY_H

#include <debug/panic.h>
#include <stdint.h>

// `which`: PRIO_PROCESS (a thread, by its tid), PRIO_PGRP, PRIO_USER; `who`: 0 for the caller's own.
// Neither sleeps.

// 20 less the least nice value among them: 1 to 40, or -ESRCH, -EINVAL.
long priority_get(int which, uint32_t who);

// 0, -ESRCH, -EINVAL, -EPERM (another user's), -EACCES (less nice than the caller may make it).
int must_check priority_set(int which, uint32_t who, int nice);

#endif
