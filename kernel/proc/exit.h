// The end of a process, and waiting for it.
#ifndef PROC_EXIT_H
#define PROC_EXIT_H


// Ends the calling process: gives back what it holds, becomes a zombie, tells the parent. `status`
// is what wait4 reports (exit code << 8, or the signal). Interrupts on; never returns.
void proc_exit(int status) __attribute__((noreturn));

#endif
