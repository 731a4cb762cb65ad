/*
 * The world's clock is set while timers, sleepers and those who wait for locks wait for a time of it.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/handler.h"

#include <abi/futex.h>
#include <errno.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void set_clock(long seconds) {
    struct timespec time;

    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec += seconds;
    clock_settime(CLOCK_REALTIME, &time);
}

static struct timespec in_an_hour(clockid_t clock) {
    struct timespec time;

    clock_gettime(clock, &time);
    time.tv_sec += 3600;
    return time;
}

/* --- those who wait an hour, in children: 0 if the time was up */

static int sleep_an_hour(void *unused) {
    struct timespec time = in_an_hour(CLOCK_REALTIME);

    (void)unused;
    return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL);
}

static int wait_an_hour(clockid_t clock, int operation, unsigned value) {
    struct timespec time = in_an_hour(clock);
    unsigned word = value;

    if (syscall(SYS_futex, &word, operation, (long)value, &time, NULL, -1l) != -1)
        return 1;
    return errno == ETIMEDOUT ? 0 : errno;
}

static int wait_for_futex(void *unused) {
    (void)unused;
    return wait_an_hour(CLOCK_REALTIME, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 5);
}

/* The owner is the parent. */
static int wait_for_lock(void *unused) {
    (void)unused;
    return wait_an_hour(CLOCK_REALTIME, FUTEX_LOCK_PI, (unsigned)getppid());
}

static int wait_for_lock2(void *unused) {
    (void)unused;
    return wait_an_hour(CLOCK_REALTIME, FUTEX_LOCK_PI2 | FUTEX_CLOCK_REALTIME, (unsigned)getppid());
}

static int wait_monotonic(void *lock) {
    return wait_an_hour(CLOCK_MONOTONIC, lock ? FUTEX_LOCK_PI2 : FUTEX_WAIT_BITSET, (unsigned)getppid());
}

enum { WAITERS = 4, STEADY = 2 };

static pid_t waiters[WAITERS], steady[STEADY];

static void waiters_start(void) {
    static int (*const bodies[WAITERS])(void *) = { sleep_an_hour, wait_for_futex, wait_for_lock,
                                                    wait_for_lock2 };

    for (int i = 0; i < WAITERS; i++)
        waiters[i] = child_start(bodies[i], NULL);
    for (long i = 0; i < STEADY; i++)
        steady[i] = child_start(wait_monotonic, (void *)i);
    usleep(50000);
}

/* Stopped and continued, a call begins again, for the same time. */
static void waiters_stop(void) {
    int status;

    for (int i = 0; i < WAITERS; i++) {
        kill(waiters[i], SIGSTOP);
        waitpid(waiters[i], &status, WUNTRACED);
        kill(waiters[i], SIGCONT);
    }
    usleep(20000);
}

static bool all_wait(void) {
    bool all = true;

    for (int i = 0; i < WAITERS; i++)
        all = waitpid(waiters[i], NULL, WNOHANG) == 0 && all;
    for (int i = 0; i < STEADY; i++)
        all = waitpid(steady[i], NULL, WNOHANG) == 0 && all;
    return all;
}

static bool ended(int i) {
    bool killed;

    return exited_with(child_wait_limited(waiters[i], 3000, &killed), 0);
}

static bool steady_end(void) {
    bool all = true;

    for (int i = 0; i < STEADY; i++) {
        all = waitpid(steady[i], NULL, WNOHANG) == 0 && all;
        kill(steady[i], SIGKILL);
        child_wait(steady[i]);
    }
    return all;
}

/* --- and who may set it */

static int set_as_somebody(void *unused) {
    struct timeval now;

    (void)unused;
    gettimeofday(&now, NULL);
    setuid(1000);
    return settimeofday(&now, NULL) == -1 ? errno : 0;
}

static void test_settimeofday(void) {
    struct timeval now, then, bad = { 0, 1000000 }, end_of_time = { 1l << 62, 0 };

    gettimeofday(&now, NULL);
    then = now;
    then.tv_sec += 5000;
    CHECK("settimeofday", settimeofday(&then, NULL) == 0 && gettimeofday(&then, NULL) == 0 &&
                              then.tv_sec - now.tv_sec >= 5000 && then.tv_sec - now.tv_sec < 5100);
    set_clock(-5000);
    errno = 0;
    CHECK("no such time", settimeofday(&bad, NULL) == -1 && errno == EINVAL);
    errno = 0;
    CHECK("the end of time", settimeofday(&end_of_time, NULL) == -1 && errno == EINVAL);
    CHECK("root's alone", exited_with(child_run(set_as_somebody, NULL), EPERM));
}

int main(void) {
    sigevent_t event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
    struct itimerspec spec = { 0 }, hour = { .it_value = { 3600, 0 } };
    timer_t timer = -1, relative = -1;

    handle(SIGRTMIN, 0, note_call);
    timer_create(CLOCK_REALTIME, &event, &timer);
    timer_create(CLOCK_REALTIME, &event, &relative);
    spec.it_value = in_an_hour(CLOCK_REALTIME);
    timer_settime(timer, TIMER_ABSTIME, &spec, NULL);
    timer_settime(relative, 0, &hour, NULL);
    waiters_start();
    set_clock(-3600);
    waiters_stop();
    CHECK("an hour back: two to go", timer_gettime(timer, &spec) == 0 &&
                                         spec.it_value.tv_sec > 7000 && calls == 0);
    set_clock(3700);
    CHECK("nearly an hour on: all wait", calls == 0 && usleep(20000) == 0 && all_wait());
    set_clock(3600);
    CHECK("an hour on: a timer expires", calls_reach(1) && calls == 1);
    CHECK("... a sleeper wakes", ended(0));
    CHECK("... who waits for a futex", ended(1));
    CHECK("... who waits for a lock that lends priority", ended(2) && ended(3));
    CHECK("what counts from now does not", timer_gettime(relative, &spec) == 0 &&
                                               spec.it_value.tv_sec > 3000);
    CHECK("nor what waits for the other clock", steady_end());
    set_clock(-3700);
    timer_delete(timer);
    timer_delete(relative);
    test_settimeofday();
    return check_done();
}
