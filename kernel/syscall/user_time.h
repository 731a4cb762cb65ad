// Times that system calls are given.
#ifndef SYSCALL_USER_TIME_H
#define SYSCALL_USER_TIME_H

#include <abi/time.h>
#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

struct timespec timespec_of(uint64_t ns);

// Reads and checks one: 0, -EFAULT, -EINVAL. Saturates far in the future.
int must_check timespec_copy_in(uint64_t user, uint64_t *ns);

int must_check timeval_to_ns(const struct timeval *time, uint64_t *ns);     // 0 or -EINVAL

// Deadlines: `ns` from now, in ticks; and when the monotonic or the world's clock shows `ns`.
uint64_t deadline_after(uint64_t ns);
uint64_t deadline_at(uint64_t ns, bool realtime);

#endif
