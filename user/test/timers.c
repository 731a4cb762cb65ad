/*
 * Timers that send signals: setitimer's and timer_create's. (Limits of CPU time: prlimit.c.)
 */
#include "common/check.h"
#include "common/child.h"
#include "common/handler.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int most_overrun;

static void listen(int sig, siginfo_t *info, void *context) {
    note_call(sig, info, context);
    if (info->si_code == SI_TIMER && info->si_overrun > most_overrun)
        most_overrun = info->si_overrun;
}

static long now_ms(clockid_t clock) {
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void itimer(int which, long value_us, long interval_us) {
    struct itimerval value = { { 0, interval_us }, { value_us / 1000000, value_us % 1000000 } };

    setitimer(which, &value, NULL);
}

static int seen_by_child(void *unused) {
    struct itimerval now;

    (void)unused;
    getitimer(ITIMER_REAL, &now);
    return now.it_value.tv_sec || now.it_value.tv_usec ? 1 : 0;
}

static int exec_with_timers(void *unused) {
    char *arguments[] = { "timers", "exec", NULL };
    timer_t timer;

    (void)unused;
    itimer(ITIMER_REAL, 50000000, 0);
    timer_create(CLOCK_MONOTONIC, NULL, &timer);
    execv(own_path(), arguments);
    return 9;
}

static int after_exec(void) {
    struct itimerspec spec;

    if (timer_gettime(0, &spec) != -1 || errno != EINVAL)
        return 1;
    return alarm(0) == 50 ? 0 : 2;
}

static void test_real(void) {
    struct itimerval value = { { 3, 0 }, { 5, 0 } }, old;
    struct timespec sleep = { .tv_sec = 30 };
    long from = now_ms(CLOCK_MONOTONIC);

    handle(SIGALRM, 0, listen);
    itimer(ITIMER_REAL, 20000, 0);
    errno = 0;
    CHECK("an alarm ends a sleep", nanosleep(&sleep, NULL) == -1 && errno == EINTR && calls == 1);
    CHECK("in time", now_ms(CLOCK_MONOTONIC) - from >= 20);
    CHECK("it is the kernel's", told.si_code == SI_KERNEL);
    itimer(ITIMER_REAL, 2000, 2000);
    CHECK("again and again", calls_reach(6));
    CHECK("set", setitimer(ITIMER_REAL, &value, &old) == 0 && old.it_interval.tv_usec == 2000 &&
                     old.it_value.tv_sec == 0 && old.it_value.tv_usec <= 2000);
    CHECK("get", getitimer(ITIMER_REAL, &old) == 0 && old.it_interval.tv_sec == 3 &&
                     (old.it_value.tv_sec == 4 || old.it_value.tv_sec == 5));
    CHECK("fork begins without", exited_with(child_run(seen_by_child, NULL), 0));
    CHECK("alarm says what was left", alarm(0) >= 3);
    calls = 0;
    usleep(5000);
    CHECK("off is off", calls == 0 && alarm(0) == 0);
    CHECK("exec keeps alarms alone", exited_with(child_run(exec_with_timers, NULL), 0));
    errno = 0;
    CHECK("no such timer", getitimer(3, &old) == -1 && errno == EINVAL);
    value.it_value.tv_usec = 1000000;
    errno = 0;
    CHECK("no such time", setitimer(ITIMER_REAL, &value, NULL) == -1 && errno == EINVAL);
}

static void spin_ms(long ms) {
    long from = now_ms(CLOCK_PROCESS_CPUTIME_ID);

    while (now_ms(CLOCK_PROCESS_CPUTIME_ID) - from < ms)
        for (volatile int i = 0; i < 20000; i++)
            ;
}

static void test_cpu(void) {
    static const struct { int which, sig; const char *runs, *sleeps; } kinds[] = {
        { ITIMER_PROF, SIGPROF, "SIGPROF", "not while it sleeps: SIGPROF" },
        { ITIMER_VIRTUAL, SIGVTALRM, "SIGVTALRM", "not while it sleeps: SIGVTALRM" },
    };

    for (int i = 0; i < 2; i++) {
        handle(kinds[i].sig, SA_RESTART, listen);
        itimer(kinds[i].which, 150000, 150000);
        usleep(250000);
        CHECK(kinds[i].sleeps, calls == 0);
        spin_ms(550);
        CHECK(kinds[i].runs, calls >= 2 && calls <= 5);
        itimer(kinds[i].which, 0, 0);
    }
}

/* --- timer_create */

static timer_t make(int sig, int value) {
    sigevent_t event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig };
    timer_t timer = -1;

    event.sigev_value.sival_int = value;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    return timer;
}

static int set(timer_t timer, long value_ns, long interval_ns) {
    struct itimerspec spec = { { 0, interval_ns }, { 0, value_ns } };

    return timer_settime(timer, 0, &spec, NULL);
}

static void test_create(void) {
    struct itimerspec spec = { 0 }, old;
    sigevent_t event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = 65 };
    timer_t timer = make(SIGRTMIN, 77), other = -1;

    handle(SIGRTMIN, SA_RESTART, listen);
    set(timer, 2000000, 0);
    CHECK("once", calls_reach(1) && usleep(10000) == 0 && calls == 1);
    CHECK("its info", told.si_code == SI_TIMER && told.si_timerid == timer &&
                          told.si_u.timer.value.sival_int == 77);
    set(timer, 1000000, 1000000);
    CHECK("again and again", calls_reach(5));
    CHECK("gettime", timer_gettime(timer, &old) == 0 && old.it_interval.tv_nsec == 1000000 &&
                         old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 1000000);
    clock_gettime(CLOCK_MONOTONIC, &spec.it_value);
    spec.it_value.tv_sec += 100;
    CHECK("absolute", timer_settime(timer, TIMER_ABSTIME, &spec, &old) == 0 &&
                          old.it_interval.tv_nsec == 1000000 && timer_gettime(timer, &old) == 0 &&
                          old.it_value.tv_sec >= 90 && old.it_value.tv_sec <= 100);
    spec.it_value.tv_sec -= 200;
    if (spec.it_value.tv_sec < 0)
        spec.it_value = (struct timespec){ 0, 1 };
    calls = 0;
    timer_settime(timer, TIMER_ABSTIME, &spec, NULL);
    CHECK("a time that is past", calls_reach(1));
    errno = 0;
    CHECK("no such signal", timer_create(CLOCK_MONOTONIC, &event, &other) == -1 && errno == EINVAL);
    errno = 0;
    CHECK("no such clock", timer_create(4711, NULL, &other) == -1 && errno == EINVAL);
    errno = 0;
    CHECK("nowhere", timer_create(CLOCK_MONOTONIC, NULL, (timer_t *)8) == -1 && errno == EFAULT);
    CHECK("deleted", timer_delete(timer) == 0);
    errno = 0;
    CHECK("is gone", timer_delete(timer) == -1 && errno == EINVAL && set(timer, 1, 1) == -1 &&
                         timer_getoverrun(timer) == -1 && timer_gettime(timer, &old) == -1);
}

static void test_overrun(void) {
    timer_t timer = make(SIGRTMIN, 0), silent = -1;
    sigevent_t event = { .sigev_notify = SIGEV_NONE };
    struct itimerspec spec = { { 0, 3000000 }, { 0, 3000000 } }, now;
    sigset_t pending;

    handle(SIGRTMIN, SA_RESTART, listen);
    block(SIG_BLOCK, SIGRTMIN);
    set(timer, 1000000, 1000000);
    usleep(30000);
    block(SIG_UNBLOCK, SIGRTMIN);
    CHECK("missed expiries are counted", most_overrun >= 20);
    CHECK("they were one signal", calls >= 1 && calls + most_overrun < 2000);
    block(SIG_BLOCK, SIGRTMIN);
    usleep(5000);
    timer_delete(timer);
    sigpending(&pending);
    CHECK("deleting forgets what is pending", !sigismember(&pending, SIGRTMIN));
    block(SIG_UNBLOCK, SIGRTMIN);
    calls = 0;
    timer_create(CLOCK_MONOTONIC, &event, &silent);
    timer_settime(silent, 0, &spec, NULL);
    usleep(20000);
    CHECK("SIGEV_NONE", calls == 0 && timer_gettime(silent, &now) == 0 &&
                            now.it_value.tv_nsec > 0 && now.it_value.tv_nsec <= 3000000);
    timer_delete(silent);
}

static void *spin_in_thread(void *ms) {
    spin_ms((long)ms);
    return NULL;
}

/* Another thread's time does not count, one's own does. */
static void test_thread_time(void) {
    sigevent_t event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
    timer_t timer = -1;
    pthread_t thread;

    handle(SIGRTMIN, SA_RESTART, listen);
    CHECK("a timer of a thread's time",
          timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0 && set(timer, 300000000, 0) == 0);
    pthread_create(&thread, NULL, spin_in_thread, (void *)400);
    pthread_join(thread, NULL);
    CHECK("not of another's", calls == 0);
    spin_ms(400);
    CHECK("of its own", calls_reach(1) && calls == 1);
    timer_delete(timer);
}

static void test_targets(void) {
    sigevent_t event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN };
    timer_t timer = -1;

    event.sigev_notify_thread_id = 3999999;
    errno = 0;
    CHECK("no such thread", timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 && errno == EINVAL);
    event.sigev_notify_thread_id = gettid();
    handle(SIGRTMIN, SA_RESTART, listen);
    CHECK("to a thread", timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 &&
                             set(timer, 1000000, 0) == 0 && calls_reach(1));
    timer_delete(timer);
    handle(SIGALRM, SA_RESTART, listen);
    timer_create(CLOCK_PROCESS_CPUTIME_ID, NULL, &timer);
    set(timer, 150000000, 0);
    usleep(250000);
    CHECK("CPU time passes only in work", calls == 0);
    spin_ms(300);
    CHECK("a timer of CPU time", calls == 1 && told.si_u.timer.value.sival_int == timer);
    timer_delete(timer);
}

static int fill(void *unused) {
    struct rlimit limit = { 20, 20 };
    timer_t timer;
    int made = 0;

    (void)unused;
    setrlimit(RLIMIT_SIGPENDING, &limit);
    while (made < 100 && timer_create(CLOCK_REALTIME, NULL, &timer) == 0)
        made++;
    return made == 20 && errno == EAGAIN ? 0 : 1;
}

/* As many expiries as can be. */
static int storm(void *handler) {
    signal(SIGALRM, handler);
    signal(SIGRTMIN, handler);
    for (int i = 0; i < 8; i++)
        set(make(SIGRTMIN, i), 1, 1);
    itimer(ITIMER_REAL, 1, 1);
    for (volatile int i = 0; i < 1000000; i++)
        ;
    return 7;
}

static void do_nothing(int sig) {
    (void)sig;
}

static void test_storm(void) {
    timer_t timer;
    pid_t pid;
    int status;

    CHECK("there is a limit", exited_with(child_run(fill, NULL), 0));
    signal(SIGRTMIN, SIG_IGN);
    timer = make(SIGRTMIN, 0);
    set(timer, 1000000, 1000000);
    usleep(20000);
    handle(SIGRTMIN, SA_RESTART, listen);
    CHECK("an ignored timer runs on", calls_reach(3));
    timer_delete(timer);
    CHECK("intervals of a nanosecond, ignored", exited_with(child_run(storm, SIG_IGN), 7));
    pid = child_start(storm, do_nothing);
    usleep(50000);
    kill(pid, SIGKILL);
    status = child_wait(pid);
    CHECK("handled: it can be killed", died_of(status, SIGKILL) || exited_with(status, 7));
}

static int end_soon(void *us) {
    handle(SIGRTMIN, 0, listen);
    for (int i = 0; i < 4; i++)
        set(make(SIGRTMIN, i), 1 + rand() % 300000, 1 + rand() % 100000);
    itimer(ITIMER_REAL, 1 + rand() % 500, 100);
    signal(SIGALRM, SIG_IGN);
    usleep((useconds_t)(long)us);
    return 6;
}

static void test_races(void) {
    bool good = true;

    for (long i = 0; i < 100 && good; i++) {
        srand((unsigned)i);
        good = exited_with(child_run(end_soon, (void *)(i * 7)), 6);
    }
    CHECK("timers race with the end of their process", good);
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "exec") == 0)
        return after_exec();
    test_real();
    test_cpu();
    test_create();
    test_overrun();
    test_targets();
    test_thread_time();
    test_storm();
    test_races();
    return check_done();
}
