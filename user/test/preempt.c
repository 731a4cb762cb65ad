/*
 * Preemption: loops that never call the kernel stop nobody, and share what there is.
 */
#include "common/check.h"
#include "common/child.h"

#include <signal.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#define SPINNERS 10

static int spin_for_ever(void *unused) {
    (void)unused;
    for (volatile unsigned long i = 0; i + 1; i++)
        ;
    return 0;
}

static uint64_t time_read(void) {
    uint64_t value;

    __asm__ volatile("rdtime %0" : "=r"(value));
    return value;
}

static int results[2];

/* Runs until the moment `end` without a system call; then tells how much it got. */
static int spin_until(void *end) {
    struct timespec ts;
    int64_t used;

    while (time_read() < (uint64_t)end)
        ;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    used = ts.tv_sec * 1000000000l + ts.tv_nsec;
    write(results[1], &used, sizeof(used));
    return 0;
}

static void test_sharing(void) {
    int64_t used, least = INT64_MAX, most = 0;
    uint64_t end = time_read() + 15000000;      /* 1.5 s at QEMU's 10 MHz */

    pipe(results);
    for (int i = 0; i < SPINNERS; i++)
        child_start(spin_until, (void *)end);
    for (int i = 0; i < SPINNERS; i++) {
        read(results[0], &used, sizeof(used));
        least = used < least ? used : least;
        most = used > most ? used : most;
    }
    for (int i = 0; i < SPINNERS; i++)
        child_wait(-1);
    CHECK("every spinner got its share", least > 0 && most / least < 20);
}

static void test_stop_nobody(void) {
    pid_t spinners[SPINNERS];
    bool slept = true, ran = true;

    for (int i = 0; i < SPINNERS; i++)
        spinners[i] = child_start(spin_for_ever, NULL);
    for (int i = 0; i < 20; i++)
        slept &= usleep(1000) == 0;
    CHECK("a sleeper among spinners wakes", slept);
    for (int i = 0; i < 5; i++)
        ran &= exited_with(child_run(spin_until, (void *)(time_read() + 1000)), 0);
    CHECK("children among spinners run", ran);
    for (int i = 0; i < SPINNERS; i++)
        kill(spinners[i], SIGKILL);
    for (int i = 0; i < SPINNERS; i++)
        ran &= died_of(child_wait(spinners[i]), SIGKILL);
    CHECK("the spinners die", ran);
}

int main(void) {
    test_sharing();
    test_stop_nobody();
    return check_done();
}
