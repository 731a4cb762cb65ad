// Breaking the kernel on purpose: crash=KIND on its command line, to see what a panic looks like
// and to test that each broken invariant is caught.
#ifndef DEBUG_CRASH_H
#define DEBUG_CRASH_H

// Does what `kind` says; returns only if there is no such kind (after a line that lists them).
void crash_kernel(const char *kind);

#endif
