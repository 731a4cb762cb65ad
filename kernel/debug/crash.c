#include <debug/crash.h>
#include <debug/log.h>
#include <debug/panic.h>
#include <lib/string.h>
#include <riscv/csr.h>
#include <stddef.h>
#include <sync/spinlock.h>

extern char __text_start[], __data_start[];

CRASH(assert) { assert(1 + 1 == 3); }

CRASH(null) {
    volatile int *volatile nothing = NULL;
    *nothing = 1;
}

// W^X: the kernel's code cannot be written, its data not executed.
CRASH(text) { *(volatile int *)__text_start = 0; }

CRASH(data) { ((void (*)(void))__data_start)(); }

CRASH(lock) {
    static struct spinlock lock = SPINLOCK_INIT("taken twice");
    spin_lock(&lock);
    spin_lock(&lock);
}

// Each call needs its buffer after the one it makes, so the compiler cannot make it a loop.
static __attribute__((noinline)) int recurse(int depth) {
    volatile char buffer[256];
    buffer[depth % 256] = depth;
    return depth < 0 ? 0 : recurse(depth + 1) + buffer[depth % 256];
}

CRASH(stack) { recurse(0); }

// The other harts must stop although one of them waits for a lock with interrupts off.
CRASH(hold) {
    irq_disable();
    panic("with interrupts off");
}

extern const struct crash_kind __crash_start[], __crash_end[];

void crash_kernel(const char *wanted) {
    for (const struct crash_kind *kind = __crash_start; kind < __crash_end; kind++) {
        if (!strcmp(wanted, kind->name)) {
            kind->run();
            log_error("crash: %s: this kernel does not notice", wanted);
            return;
        }
    }
    log_error("crash: no kind \"%s\"; there are", wanted);
    for (const struct crash_kind *kind = __crash_start; kind < __crash_end; kind++)
        log_error("    %s", kind->name);
}
