#include <debug/ktest.h>
#include <debug/log.h>
#include <stddef.h>

extern const struct ktest *const __ktest_start[], *const __ktest_end[];

static const char *running;
static bool failed;

void ktest_report(bool passed, const char *file, int line, const char *condition) {
    if (passed)
        return;
    failed = true;
    log_error("ktest: FAIL %s: %s:%d: %s", running, file, line, condition);
}

int ktest_run_all(void) {
    int good = 0, bad = 0;
    for (const struct ktest *const *test = __ktest_start; test < __ktest_end; test++) {
        running = (*test)->name;
        failed = false;
        (*test)->run();
        if (failed) {
            bad++;
        } else {
            good++;
            log_error("ktest: ok %s", running);
        }
    }
    log_error("ktest: done %d ok, %d failed", good, bad);
    return bad;
}
