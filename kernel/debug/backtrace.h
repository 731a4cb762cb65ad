// Backtraces from frame pointers, through traps, with symbols.
#ifndef DEBUG_BACKTRACE_H
#define DEBUG_BACKTRACE_H

#include <stdint.h>

// Prints, polled, the call chain of a function whose frame pointer is `fp`, one line a call,
// and goes on through trap frames. User frames are shown as program+offset. Reads nothing
// outside kernel stacks, so that it can run in a panic.
void backtrace_print(uint64_t fp);

// printf to the polled console.
void print_polled(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
