// Limits of processes (RLIMIT_x).
#ifndef PROC_LIMIT_H
#define PROC_LIMIT_H

#include <abi/resource.h>
#include <debug/panic.h>
#include <stdint.h>

// Reads a limit of process `pid` (0: the caller) into *old and sets it to *wanted (NULL: leaves it): 0,
// -ESRCH, -EPERM, -EINVAL. Never sleeps.
int must_check limit_exchange(uint32_t pid, uint32_t resource, const struct rlimit *wanted,
                              struct rlimit *old);

#endif
