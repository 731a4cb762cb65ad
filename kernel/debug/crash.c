#include <debug/crash.h>
#include <debug/log.h>
#include <debug/panic.h>
#include <lib/string.h>
#include <riscv/csr.h>
#include <stddef.h>
#include <sync/spinlock.h>

extern char __text_start[], __data_start[];

static void crash_assert(void) { assert(1 + 1 == 3); }

static void crash_null(void) {
    volatile int *volatile nothing = NULL;
    *nothing = 1;
}

// W^X: the kernel's code cannot be written, its data not executed.
static void crash_text(void) { *(volatile int *)__text_start = 0; }

static void crash_data(void) { ((void (*)(void))__data_start)(); }

static void crash_lock(void) {
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

static void crash_stack(void) { recurse(0); }

// The other harts must stop although one of them waits for a lock with interrupts off.
static void crash_hold(void) {
    irq_disable();
    panic("with interrupts off");
}

static const struct {
    const char *name;
    void (*run)(void);
} kinds[] = {
    { "assert", crash_assert }, { "null", crash_null },   { "text", crash_text },
    { "data", crash_data },     { "lock", crash_lock },   { "stack", crash_stack },
    { "hold", crash_hold },
};

void crash_kernel(const char *kind) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (!strcmp(kind, kinds[i].name))
            kinds[i].run();
    log_error("crash: no kind \"%s\"; there are assert, null, text, data, lock, stack, hold", kind);
}
