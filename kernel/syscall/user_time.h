// Times that system calls are given.
#ifndef SYSCALL_USER_TIME_H
#define SYSCALL_USER_TIME_H

#include <abi/time.h>
#include <debug/panic.h>
#include <stdint.h>

struct timespec timespec_of(uint64_t ns);

// Reads and checks one: 0, -EFAULT, -EINVAL. Saturates far in the future.
int must_check timespec_copy_in(uint64_t user, uint64_t *ns);

// `ns` from now, in ticks; never DEADLINE_NONE.
uint64_t deadline_after(uint64_t ns);

#endif
