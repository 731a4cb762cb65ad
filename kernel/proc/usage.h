// What threads and processes have used: for getrusage, wait4, times, the CPU-time clocks, /proc.
#ifndef PROC_USAGE_H
#define PROC_USAGE_H

#include <abi/resource.h>
#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

struct proc;
struct space;
struct thread;

struct usage {
    uint64_t user_ticks, system_ticks;
    uint64_t faults, faults_major;
    uint64_t voluntary, involuntary;    // switches
    uint64_t pages_most;                // the most that were present
};

// Takes no lock but the run queue's. `ticks` (NULL: nobody asks) gets the time up to now, of which
// the last few milliseconds are not yet known to be user's or system's.
struct usage usage_of_thread(const struct thread *thread, uint64_t *ticks);

// ... of all its threads, those that have ended included. proc->lock is held.
struct usage usage_of_proc(const struct proc *proc, uint64_t *ticks);

// The calling process and thread, exactly.
struct usage usage_of_caller(void);
struct usage usage_of_calling_thread(void);
// What its children had used that it has waited for, and theirs.
struct usage usage_of_children(void);

void usage_add(struct usage *to, const struct usage *more);

// The calling thread leaves its process: what it has used stays there, and it begins anew with what it
// uses on its way out. proc->lock is held.
void usage_thread_leaves(struct proc *proc, struct thread *thread);

// The process leaves `space`. proc->lock is held.
void usage_space_leaves(struct proc *proc, const struct space *space);

// As programs see it.
struct rusage usage_show(const struct usage *used);

#endif
