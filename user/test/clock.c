/*
 * Time: clocks, sleeps, counters that user mode may read, and many sleepers.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#define MS 1000000l
#define SLEEPERS 200

static int64_t now(clockid_t clock) {
    struct timespec ts;

    return clock_gettime(clock, &ts) == 0 ? ts.tv_sec * 1000 * MS + ts.tv_nsec : -1;
}

static void test_sleep(void) {
    static const long lengths[] = { 0, 1, 1000, 50000, MS, 20 * MS, 120 * MS };
    bool long_enough = true, short_enough = true;

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct timespec ts = { 0, lengths[i] };
        int64_t before = now(CLOCK_MONOTONIC), passed;

        long_enough &= nanosleep(&ts, NULL) == 0;
        passed = now(CLOCK_MONOTONIC) - before;
        long_enough &= passed >= lengths[i];
        short_enough &= passed < lengths[i] + 2000 * MS;
    }
    CHECK("no sleep is too short", long_enough);
    CHECK("no sleep is seconds too long", short_enough);
}

static bool sleep_refused(long seconds, long ns) {
    struct timespec ts = { seconds, ns };

    errno = 0;
    return nanosleep(&ts, NULL) == -1 && errno == EINVAL;
}

static void test_bad_sleep(void) {
    struct timespec ts = { 0, 0 };

    CHECK("a second of 10^9 ns", sleep_refused(0, 1000 * MS));
    CHECK("negative ns", sleep_refused(0, -1));
    CHECK("negative seconds", sleep_refused(-1, 0));
    errno = 0;
    CHECK("a bad pointer", nanosleep((struct timespec *)8, NULL) == -1 && errno == EFAULT);
    CHECK("no such clock", clock_nanosleep(77, 0, &ts, NULL) == EINVAL);
    CHECK("a clock that is only read", clock_nanosleep(CLOCK_MONOTONIC_RAW, 0, &ts, NULL) == EOPNOTSUPP);
    errno = 0;
    CHECK("no such clock to read", clock_gettime(77, &ts) == -1 && errno == EINVAL);
    errno = 0;
    CHECK("a bad pointer to read to",
          clock_gettime(CLOCK_MONOTONIC, (struct timespec *)-16l) == -1 && errno == EFAULT);
}

static void test_absolute(void) {
    struct timespec ts;
    int64_t before = now(CLOCK_MONOTONIC);
    bool past = true;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    ts.tv_sec += (ts.tv_nsec + 30 * MS) / (1000 * MS);
    ts.tv_nsec = (ts.tv_nsec + 30 * MS) % (1000 * MS);
    CHECK("absolute sleep", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == 0 &&
                                now(CLOCK_MONOTONIC) - before >= 30 * MS);
    for (int i = 0; i < 200; i++) {
        struct timespec then = { 0, i };
        past &= clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL) == 0;
    }
    CHECK("absolute sleeps into the past return", past);
    CHECK("of real time too", (ts.tv_sec = 1,
          clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &ts, NULL) == 0));
}

static int sleep_for_years(void *unused) {
    struct timespec ts = { INT64_MAX, 999999999 };

    (void)unused;
    return nanosleep(&ts, NULL);
}

static void test_for_ever(void) {
    bool killed;
    pid_t pid = child_start(sleep_for_years, NULL);

    CHECK("the longest sleep lasts, and can be killed",
          died_of(child_wait_limited(pid, 50, &killed), SIGKILL) && killed);
}

static void test_clocks(void) {
    int64_t last = 0;
    bool forward = true;
    struct timeval tv;
    struct timespec ts;
    struct tms tms;

    for (int i = 0; i < 2000; i++) {
        int64_t t = now(CLOCK_MONOTONIC);
        forward &= t >= last;
        last = t;
    }
    CHECK("monotonic", forward && last > 0);
    gettimeofday(&tv, NULL);
    int64_t difference = now(CLOCK_REALTIME) / 1000 - (tv.tv_sec * 1000000 + tv.tv_usec);
    CHECK("gettimeofday is CLOCK_REALTIME", difference >= 0 && difference < 1000000);
    CHECK("the year is right", tv.tv_sec > 1700000000 && tv.tv_sec < 4000000000);
    CHECK("resolution", clock_getres(CLOCK_MONOTONIC, &ts) == 0 && ts.tv_sec == 0 &&
                            ts.tv_nsec > 0 && ts.tv_nsec <= 1000);
    /* Time that a host takes from the hart before it sleeps counts: the least of some is what sleep takes. */
    int64_t least = INT64_MAX;
    for (int i = 0; i < 5; i++) {
        int64_t before = now(CLOCK_PROCESS_CPUTIME_ID);
        usleep(30000);
        int64_t used = now(CLOCK_PROCESS_CPUTIME_ID) - before;
        if (used < least)
            least = used;
    }
    CHECK("sleep takes no CPU time", least < 25 * MS);
    CHECK("times", times(&tms) != (clock_t)-1);
}

#define COUNTER(name)                                                                   \
    static uint64_t name##_read(void)                                                   \
    {                                                                                   \
        uint64_t value;                                                                 \
                                                                                        \
        __asm__ volatile("rd" #name " %0" : "=r"(value));                               \
        return value;                                                                   \
    }
COUNTER(time)
COUNTER(cycle)
COUNTER(instret)

static int read_counters(void *unused) {
    uint64_t time = time_read(), cycle = cycle_read(), instret = instret_read();

    (void)unused;
    for (volatile int i = 0; i < 100000; i++)
        ;
    return time_read() > time && cycle_read() > cycle && instret_read() > instret ? 0 : 1;
}

/* Sleeps until its own moment, then says who it is. */
static int starts[2], results[2];

static int sleeper(void *which) {
    unsigned char me = (unsigned char)(long)which;
    int64_t start;

    read(starts[0], &start, sizeof(start));
    int64_t when = start + me * 5 * MS;
    struct timespec ts = { when / (1000 * MS), when % (1000 * MS) };

    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
    write(results[1], &me, 1);
    return 0;
}

static void test_many(void) {
    unsigned char who;
    int out_of_order = 0, slack = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 60 : 4;

    pipe(results);
    pipe(starts);
    for (long i = 0; i < SLEEPERS; i++)
        child_start(sleeper, (void *)((i * 77) % SLEEPERS));
    /* However long it took to start them. */
    int64_t start = now(CLOCK_MONOTONIC) + 500 * MS;
    for (int i = 0; i < SLEEPERS; i++)
        write(starts[1], &start, sizeof(start));
    for (int i = 0; i < SLEEPERS; i++) {
        read(results[0], &who, 1);
        /* On several harts they may overtake each other, as far as the host lets a hart stand. */
        out_of_order += who > i + slack || who + slack < i;
    }
    while (waitpid(-1, NULL, 0) > 0)
        ;
    CHECK("200 sleepers wake in order", out_of_order == 0);
}

int main(void) {
    test_sleep();
    test_bad_sleep();
    test_absolute();
    test_for_ever();
    test_clocks();
    CHECK("time, cycle and instret can be read", exited_with(child_run(read_counters, NULL), 0));
    test_many();
    return check_done();
}
