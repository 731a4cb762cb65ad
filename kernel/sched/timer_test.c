// Timers fire in order and not before their time; the clock's conversions.
#include <debug/ktest.h>
#include <riscv/csr.h>
#include <sched/clock.h>
#include <sched/sched.h>
#include <sched/timer.h>

#define TIMERS 24

static struct test_timer {
    struct timer timer;
    uint32_t place;             // 1 + how many fired before it; 0: has not fired
    bool early;
} timers[TIMERS];
static uint32_t fired;

static void note(struct timer *timer) {
    struct test_timer *test = container_of(timer, struct test_timer, timer);
    test->place = ++fired;
    test->early = time_read() < timer->deadline;
}

static void sleep_ms(uint64_t ms) {
    int error = thread_sleep_until(time_read() + ns_to_ticks(ms * 1000000));
    ktest_check(!error);
}

KTEST(timers_in_order) {
    fired = 0;
    bool irq = irq_disable();   // all on one hart, and none fires before all are armed
    uint64_t start = time_read() + ns_to_ticks(5000000);
    for (unsigned i = 0; i < TIMERS; i++) {
        timers[i] = (struct test_timer){ 0 };
        timer_init(&timers[i].timer, note);
        // 7 is prime to 24: every deadline once, in a mixed order.
        timer_arm(&timers[i].timer, start + ns_to_ticks(i * 7 % TIMERS * 100000));
    }
    ktest_check(timer_cancel(&timers[5].timer) && !timer_cancel(&timers[5].timer));
    irq_restore(irq);
    sleep_ms(30);
    ktest_check(fired == TIMERS - 1 && !timers[5].place);
    for (unsigned i = 0; i < TIMERS; i++) {
        ktest_check(!timers[i].early && !timers[i].timer.armed);
        for (unsigned j = 0; j < TIMERS; j++)
            if (i != 5 && j != 5 && timers[i].timer.deadline < timers[j].timer.deadline)
                ktest_check(timers[i].place < timers[j].place);
    }
    ktest_check(!timer_cancel(&timers[0].timer));
}

KTEST(timer_armed_again) {
    fired = 0;
    timers[0] = (struct test_timer){ 0 };
    timer_init(&timers[0].timer, note);
    timer_arm(&timers[0].timer, UINT64_MAX / 2);
    timer_arm(&timers[0].timer, time_read() + ns_to_ticks(1000000));
    sleep_ms(10);
    ktest_check(fired == 1);
    timer_arm(&timers[0].timer, 0);
    sleep_ms(5);
    ktest_check(fired == 2);
    timer_arm(&timers[0].timer, time_read() + ns_to_ticks(3600 * NS_PER_SECOND));
    ktest_check(timer_cancel(&timers[0].timer));
}

KTEST(clock_conversions) {
    const uint64_t samples[] = { 0, 1, 99, 100, 101, 999999999, NS_PER_SECOND, 123456789012345 };
    for (unsigned i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        uint64_t back = ticks_to_ns(ns_to_ticks(samples[i]));
        ktest_check(back >= samples[i] && back - samples[i] <= ticks_to_ns(1));
    }
    ktest_check(ns_to_ticks(UINT64_MAX) > ns_to_ticks(NS_PER_SECOND * 3600 * 24 * 365));
    ktest_check(ns_to_ticks(1) == 1);
    uint64_t before = clock_monotonic_ns(), world = clock_realtime_ns();
    sleep_ms(2);
    uint64_t passed = clock_monotonic_ns() - before;
    ktest_check(passed >= 2000000 && clock_realtime_ns() - world >= 2000000);
}
