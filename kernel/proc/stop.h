// Stopping and continuing processes, for the files of proc/.
#ifndef PROC_STOP_H
#define PROC_STOP_H

struct proc;

// A signal of which the mere sending matters, whether it is blocked, ignored or handled: SIGCONT and
// SIGKILL let a stopped process go on, and stop signals and SIGCONT cancel each other. proc->lock
// is held.
void stop_signal_sent(struct proc *proc, int signal);

// The calling thread has taken a stop signal: its process is to stop, unless its group is orphaned
// or SIGCONT has come.
void stop_begin(int signal);

// A thread less that could run: when all that are left rest, the process is stopped. proc->lock is held,
// and let go of for a moment when that is so.
void stop_check(struct proc *proc);

// Rests while the process is stopped.
void stop_rest(void);

#endif
