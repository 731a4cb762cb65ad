// Floating point belongs to the user (the kernel has no such registers). A thread enters user
// mode with the file off or with its own state in it. Who changed it in its last turn gets it back with
// the hart (sched/schedule.c); the first use by any other, after another thread has had the file, traps
// here.
#ifndef PROC_FPU_H
#define PROC_FPU_H

#include <stdbool.h>

struct fpu_state;
struct thread;
struct trap_frame;

// An illegal instruction with the file off: gives the file to the thread, with its saved state
// or with zeros, and returns true (run the instruction again). False if the file was on: then
// the instruction is illegal indeed. Interrupts off.
bool fpu_fault(struct trap_frame *frame);

// The state of the calling thread goes to its `fpu` (without `fpu_used` there is none: it reads
// zeros), and is replaced: what a signal's frame saves and restores.
void fpu_save_current(void);
void fpu_set_current(const struct fpu_state *state);

// The state of the calling thread goes to `child`, for fork.
void fpu_fork(struct thread *child);

// A new program reads zeros.
void fpu_reset(void);

#endif
