// Breaking the kernel on purpose: crash=KIND on its command line, to see what a panic looks like
// and to test that each broken invariant is caught.
//
//     CRASH(null) { *(volatile int *)NULL = 1; }
#ifndef DEBUG_CRASH_H
#define DEBUG_CRASH_H

// A kind's name is at most 15 characters. It runs early in the boot thread.
struct crash_kind {
    const char *name;
    void (*run)(void);
};

#define CRASH(kind)                                                                  \
    static void crash_##kind(void);                                                  \
    static const struct crash_kind crash_entry_##kind                                \
        __attribute__((used, section(".crash"), aligned(8))) = { #kind, crash_##kind }; \
    static void crash_##kind(void)

// Does what `kind` says; returns after a line if this kernel does not notice that, or if there is no
// such kind.
void crash_kernel(const char *kind);

#endif
