// The end of a process, and waiting for it.
#ifndef PROC_EXIT_H
#define PROC_EXIT_H

#include <debug/panic.h>
#include <abi/resource.h>
#include <stdint.h>

// Ends the calling process: gives back what it holds, becomes a zombie, tells the parent. `status`
// is what wait4 reports (exit code << 8, or the signal). Interrupts on; never returns.
void proc_exit(int status) __attribute__((noreturn));

// Waits for a child's end and reaps it. `which`: > 0 that pid, -1 any, 0 the caller's group,
// < -1 that group. Result: the pid, 0 (WNOHANG and none yet), -ECHILD, -EINTR, -EINVAL.
int64_t must_check proc_wait(int64_t which, int options, int *status, struct rusage *usage);

#endif
