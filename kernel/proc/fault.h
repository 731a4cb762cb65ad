// A user program did what it must not: the line that says so, and the signal.
#ifndef PROC_FAULT_H
#define PROC_FAULT_H

struct fault_verdict;
struct trap_frame;

// Sends the signal to the calling thread, which a program cannot block or ignore. If it has no
// handler for it, that is its end, and one line is logged: pid, name, pc, address, cause in words.
void proc_fault(const struct trap_frame *frame, const struct fault_verdict *verdict);

// "SIGSEGV" for 11; never NULL.
const char *signal_name(int signal);

#endif
