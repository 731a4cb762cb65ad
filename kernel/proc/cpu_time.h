// What depends on the CPU time of a process: RLIMIT_CPU, and timers that count it.
//
// A thread whose `cpu_timed` is set looks after each quantum, and each time it has been switched away:
// nobody else pays for it.
#ifndef PROC_CPU_TIME_H
#define PROC_CPU_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct proc;

// Ticks that all threads of a process have run, or (user) the program's own part of them.
// proc->lock is held.
uint64_t proc_cpu_ticks(const struct proc *proc, bool user);

// From now on the threads of a process look, as long as there is something to look for. proc->lock
// is held.
void cpu_time_watch(struct proc *proc);

// The calling thread looks.
void cpu_time_check(void);

#endif
