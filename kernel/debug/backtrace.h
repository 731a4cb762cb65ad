// Backtraces through traps, with symbols.
#ifndef DEBUG_BACKTRACE_H
#define DEBUG_BACKTRACE_H

#include <debug/unwind.h>

// Prints, polled, the call chain of a function, innermost first, one line a call, and goes on
// through trap frames. User frames are shown as program+offset. Reads nothing outside kernel stacks,
// so that it can run in a panic.
void backtrace_print(struct call_state state);

// printf to the polled console.
void print_polled(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
