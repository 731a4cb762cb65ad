// Broken kernel invariants. Nothing that a user program or a disk does may lead here (law 8).
#ifndef DEBUG_PANIC_H
#define DEBUG_PANIC_H

#include <stdbool.h>

struct trap_frame;

// Prints (polled) the message, the thread, the registers and a symbolised backtrace, stops
// the other harts and halts; with panic=exit ends QEMU with status 1. Callable anywhere.
void panic(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

// As panic, for a trap that the kernel itself must not have taken: prints `frame` too.
void panic_frame(const struct trap_frame *frame, const char *format, ...)
    __attribute__((noreturn, format(printf, 2, 3)));

// True once any hart has panicked. Spin loops poll it through panic_check.
extern volatile bool panicking;

// Stops this hart for good if another one has panicked.
void panic_check(void);

// Set by boot/ and the folders above: panic=exit; a line about the running thread; the way to
// end the machine.
extern bool panic_exits;
extern void (*panic_describe_thread)(void);
extern void (*panic_exit)(int status);

#define assert(condition)                                                            \
    ((condition) ? (void)0                                                           \
                 : panic("%s:%d: assertion failed: %s", __FILE__, __LINE__, #condition))

#define must_check __attribute__((warn_unused_result))

#endif
