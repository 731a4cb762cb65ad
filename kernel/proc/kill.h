#ifndef PROC_KILL_H
#define PROC_KILL_H

#include <abi/signal.h>
#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

// kill: > 0 a process, 0 the caller's group, -1 all that may be, < -1 a group; signal 0 only
// checks. 0, -EINVAL, -ESRCH, -EPERM, -EAGAIN (the queue is full).
int must_check proc_kill(int64_t which, const siginfo_t *info);

// tgkill: the thread `tid` of the process `pid` (0: of any).
int must_check proc_kill_thread(uint32_t pid, uint32_t tid, const siginfo_t *info);

// The group or (session) the session of `pid` (0: the caller): its id or -ESRCH.
int64_t process_ids(int64_t pid, bool session);

#endif
