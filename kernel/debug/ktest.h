// Unit tests that run inside the kernel: `ktest` on the kernel's command line runs them all,
// prints a line each and powers off with status 0 or 1.
//
//     KTEST(frames_come_back) {
//         struct frame *frame = frame_alloc(FRAME_KERNEL, 0);
//         ktest_check(frame != NULL);
//         frame_put(frame);
//     }
//
// They stand at the end of the module's own *_test.c file, in a thread that may sleep.
#ifndef DEBUG_KTEST_H
#define DEBUG_KTEST_H

#include <stdbool.h>

struct ktest {
    const char *name;
    void (*run)(void);
};

#define KTEST(test)                                                                  \
    static void ktest_##test(void);                                                  \
    static const struct ktest ktest_entry_##test = { #test, ktest_##test };          \
    static const struct ktest *const ktest_link_##test                               \
        __attribute__((used, section(".ktest"))) = &ktest_entry_##test;              \
    static void ktest_##test(void)

// Notes a failure with its place; the test goes on.
#define ktest_check(condition) ktest_report((condition), __FILE__, __LINE__, #condition)
void ktest_report(bool passed, const char *file, int line, const char *condition);

// Runs every test: the number that failed.
int ktest_run_all(void);

#endif
