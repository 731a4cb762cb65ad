// Changing groups and sessions; reading them is in proc.h.
#ifndef PROC_GROUP_H
#define PROC_GROUP_H

#include <debug/panic.h>
#include <stdint.h>

// setsid: a new session with the caller as its leader: its id, -EPERM, -ENOMEM.
int must_check process_session_create(void);

// setpgid, 0 for "the caller" and "its own pid": 0, -ESRCH, -EPERM, -EACCES, -ENOMEM.
int must_check process_group_set(uint32_t pid, uint32_t id);

#endif
