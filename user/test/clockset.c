/*
 * The world's clock is set while timers and sleepers wait for a time of it.
 */
#include "common/check.h"
#include "common/child.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

static volatile int calls;

static void count(int sig) {
    (void)sig;
    calls++;
}

static bool one_call(void) {
    for (int i = 0; i < 10000 && calls == 0; i++)
        usleep(1000);
    return calls == 1;
}

static void set_clock(long seconds) {
    struct timespec time;

    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec += seconds;
    clock_settime(CLOCK_REALTIME, &time);
}

static int sleep_an_hour(void *unused) {
    struct timespec time;

    (void)unused;
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec += 3600;
    return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL);
}

int main(void) {
    sigevent_t event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
    struct itimerspec spec = { 0 }, hour = { .it_value = { 3600, 0 } };
    timer_t timer = -1, relative = -1;
    pid_t child;
    bool killed;

    signal(SIGRTMIN, count);
    timer_create(CLOCK_REALTIME, &event, &timer);
    timer_create(CLOCK_REALTIME, &event, &relative);
    clock_gettime(CLOCK_REALTIME, &spec.it_value);
    spec.it_value.tv_sec += 3600;
    timer_settime(timer, TIMER_ABSTIME, &spec, NULL);
    timer_settime(relative, 0, &hour, NULL);
    child = child_start(sleep_an_hour, NULL);
    usleep(20000);
    set_clock(-3600);
    CHECK("an hour back: two to go", timer_gettime(timer, &spec) == 0 &&
                                         spec.it_value.tv_sec > 7000 && calls == 0);
    set_clock(7300);
    CHECK("two hours on: a timer expires", one_call());
    CHECK("... a sleeper wakes", exited_with(child_wait_limited(child, 10000, &killed), 0));
    CHECK("what counts from now does not", timer_gettime(relative, &spec) == 0 &&
                                               spec.it_value.tv_sec > 3000);
    set_clock(-3700);
    timer_delete(timer);
    timer_delete(relative);
    return check_done();
}
