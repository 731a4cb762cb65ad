// The end of threads and processes.
#ifndef PROC_EXIT_H
#define PROC_EXIT_H

// Ends the calling thread: gives back what it holds. With the last one the process becomes a zombie
// and its parent is told. `status` is what wait4 reports (exit code << 8, or the signal), if the
// thread is the process's first and nobody ends all at once. Interrupts on; never returns.
void thread_end(int status) __attribute__((noreturn));

// Ends all threads of the calling process: `status`, unless its end has been decided already. Interrupts
// on; never returns.
void proc_exit(int status) __attribute__((noreturn));

struct proc;

// Makes all threads of `proc` but the caller end soon, even if it is the first process: `status`, unless
// its end has been decided already. Never sleeps; the process must be held, or proc_tree_lock.
void proc_end(struct proc *proc, int status);

#endif
