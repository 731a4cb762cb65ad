/*
 * The clocks of CPU time of other threads, and one's own by number: timers and sleeps that count them.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/handler.h"
#include "common/proc_text.h"
#include "common/stopping.h"
#include "common/thread.h"

#include <errno.h>
#include <semaphore.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MS 1000000l

/* As clock_getcpuclockid and pthread_getcpuclockid make them. */
static clockid_t clock_of(pid_t pid) { return ~pid * 8 + 2; }
static clockid_t clock_of_thread(pid_t tid) { return ~tid * 8 + 4 + 2; }

static long now_ms(clockid_t clock) {
    struct timespec now;

    return clock_gettime(clock, &now) == 0 ? now.tv_sec * 1000 + now.tv_nsec / MS : -1;
}

static volatile pid_t tid;
static volatile bool over;
static sem_t go;

/* Computes from when it is told to. */
static void *burn(void *arg) {
    tid = gettid();
    sem_wait(&go);
    while (!over)
        ;
    return arg;
}

/* It takes no signals of the process. */
static pthread_t burner_start(bool at_once) {
    sigset_t all, before;
    pthread_t thread;

    tid = 0;
    over = false;
    sem_init(&go, 0, at_once);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    thread = started(burn, NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    while (!tid)
        usleep(1000);
    return thread;
}

static void burner_end(pthread_t thread) {
    over = true;
    pthread_join(thread, NULL);
}

static int spin(void *unused) {
    (void)unused;
    for (;;)
        ;
    return 0;
}

/* --- timers */

static int timer_at(clockid_t clock, long ms, timer_t *timer) {
    sigevent_t event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
    struct itimerspec spec = { { 0, 0 }, { ms / 1000, ms % 1000 * MS } };

    return timer_create(clock, &event, timer) == 0 ? timer_settime(*timer, 0, &spec, NULL) : -1;
}

static void test_timers(void) {
    pthread_t thread = burner_start(false);
    pid_t child = child_start(spin, NULL);
    timer_t timer;
    long before;

    handle(SIGRTMIN, SA_RESTART, note_call);
    before = now_ms(clock_of_thread(tid));
    CHECK("a timer of another thread's time", timer_at(clock_of_thread(tid), 100, &timer) == 0);
    usleep(150000);
    CHECK("it rests while that does", calls == 0);
    sem_post(&go);
    CHECK("and expires when it has run so long",
          calls_reach(1) && now_ms(clock_of_thread(tid)) - before >= 100);
    timer_delete(timer);
    handle(SIGRTMIN, SA_RESTART, note_call);
    CHECK("a timer of one's own process by its pid",
          timer_at(clock_of(getpid()), 100, &timer) == 0 && calls_reach(1));
    timer_delete(timer);
    errno = 0;
    CHECK("of another process's", timer_at(clock_of(child), 100, &timer) == -1 && errno == EINVAL);
    errno = 0;
    CHECK("of its thread's", timer_at(clock_of_thread(child), 100, &timer) == -1 && errno == EINVAL);
    errno = 0;
    CHECK("of no clock's", timer_at(clock_of(0) | 3, 100, &timer) == -1 && errno == EINVAL);
    handle(SIGRTMIN, SA_RESTART, note_call);
    timer_at(clock_of_thread(tid), 100000, &timer);
    burner_end(thread);
    usleep(20000);
    CHECK("of one that ends: never", calls == 0 && timer_delete(timer) == 0);
    kill(child, SIGKILL);
    child_wait(child);
}

/* --- sleeps */

static struct timespec after(clockid_t clock, long ms) {
    struct timespec now;

    clock_gettime(clock, &now);
    now.tv_nsec += ms % 1000 * MS;
    now.tv_sec += ms / 1000 + now.tv_nsec / (1000 * MS);
    now.tv_nsec %= 1000 * MS;
    return now;
}

static int slept(clockid_t clock, long ms) {
    struct timespec time = { ms / 1000, ms % 1000 * MS };
    long before = now_ms(clock);
    int result = clock_nanosleep(clock, 0, &time, NULL);

    return result ? result : now_ms(clock) - before >= ms ? 0 : -1;
}

static int slept_until(clockid_t clock, long ms) {
    long before = now_ms(clock);
    struct timespec time = after(clock, ms);
    int result = clock_nanosleep(clock, TIMER_ABSTIME, &time, NULL);

    return result ? result : now_ms(clock) - before >= ms ? 0 : -1;
}

static void ignore(int sig) {
    (void)sig;
}

static void test_sleeps(void) {
    struct itimerval often = { { 0, 50000 }, { 0, 50000 } }, never = { 0 };
    struct timespec hour = { 3600, 0 }, left = { 0, 0 };
    pthread_t thread = burner_start(true);
    pid_t child = child_start(spin, NULL);

    CHECK("until one's process has run so long", slept(CLOCK_PROCESS_CPUTIME_ID, 100) == 0);
    CHECK("by its pid, and a time", slept_until(clock_of(getpid()), 100) == 0);
    CHECK("until another thread has", slept(clock_of_thread(tid), 100) == 0);
    CHECK("a time that is past",
          clock_nanosleep(clock_of_thread(tid), TIMER_ABSTIME, &left, NULL) == 0);
    CHECK("oneself: never", slept(CLOCK_THREAD_CPUTIME_ID, 1) == EINVAL &&
                                slept(clock_of_thread(gettid()), 1) == EINVAL);
    CHECK("another process: no", slept(clock_of_thread(child), 1) == EINVAL &&
                                     slept(clock_of(child), 1) == EINVAL);
    signal(SIGALRM, ignore);
    setitimer(ITIMER_REAL, &often, NULL);
    CHECK("a handler ends it, and what is left is told",
          clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &hour, &left) == EINTR && left.tv_sec == 3599);
    setitimer(ITIMER_REAL, &never, NULL);
    kill(child, SIGKILL);
    child_wait(child);
    burner_end(thread);
}

static bool sleeps(pid_t pid) {
    return slurp(of(pid, "wchan")) > 0 && !strncmp(text, "CPU time", 8);
}

/* How often did it stop and go on again, of three times? */
static int stop_and_continue(pid_t child, int *status) {
    int times = 0;

    for (; times < 3; times++) {
        kill(child, SIGSTOP);
        *status = wait_status(child, WUNTRACED);
        if (!WIFSTOPPED(*status))
            break;
        kill(child, SIGCONT);
        usleep(5000);
    }
    return times;
}

static void *burn_when_told(void *arg) {
    wait_stage(1);
    for (;;)
        ;
    return arg;
}

static int sleep_through(void *absolute) {
    started(burn_when_told, NULL);
    return absolute ? slept_until(CLOCK_PROCESS_CPUTIME_ID, 100)
                    : slept(CLOCK_PROCESS_CPUTIME_ID, 100);
}

/*
 * Who stops the process meanwhile does not end its sleep. Time that a host takes away may count as the
 * process's: if it has slept long enough before it was stopped, this says nothing, and is done again.
 */
static bool stopped_on_the_way(void *absolute) {
    bool killed;
    int status;

    for (int tries = 0; tries < 20; tries++) {
        shared->stage = 0;
        pid_t child = child_start(sleep_through, absolute);
        for (int i = 0; i < 1000 && !sleeps(child); i++)
            usleep(1000);
        if (stop_and_continue(child, &status) == 3) {
            shared->stage = 1;
            return exited_with(child_wait_limited(child, 10000, &killed), 0);
        }
        if (!exited_with(status, 0))
            return false;
    }
    return false;
}

#define HOUR_MS 3600000l

static pthread_t sleeper;

/* Runs while the other sleeps, before it is stopped; ends the sleep when it is told to. */
static void *burn_before(void *arg) {
    while (!sleeps(getpid()))
        usleep(1000);
    long begin = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    while (now_ms(CLOCK_PROCESS_CPUTIME_ID) < begin + 60)
        ;
    shared->calls = 1;
    wait_stage(1);
    pthread_kill(sleeper, SIGUSR1);
    return arg;
}

static int sleep_an_hour(void *unused) {
    struct timespec hour = { HOUR_MS / 1000, 0 }, left = { 0, 0 };

    (void)unused;
    signal(SIGUSR1, ignore);
    sleeper = pthread_self();
    started(burn_before, NULL);
    long before = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    int result = clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &hour, &left);
    long used = now_ms(CLOCK_PROCESS_CPUTIME_ID) - before;
    long left_ms = left.tv_sec * 1000 + left.tv_nsec / MS;
    return result == EINTR && left_ms <= HOUR_MS - 60 && left_ms + used >= HOUR_MS - 1 ? 0 : 1;
}

static bool left_is_of_the_first_time(void) {
    int status;

    shared->stage = shared->calls = 0;
    pid_t child = child_start(sleep_an_hour, NULL);
    while (!shared->calls)
        usleep(1000);
    int times = stop_and_continue(child, &status);
    shared->stage = 1;
    return times == 3 && exited_with(child_wait(child), 0);
}

static int sleep_for_itself(void *unused) {
    struct timespec hour = { 3600, 0 };

    (void)unused;
    return clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &hour, NULL);
}

static void test_interrupted(void) {
    pid_t child;

    CHECK("stopped and continued it goes on", stopped_on_the_way(NULL));
    CHECK("until the same time", stopped_on_the_way((void *)1));
    CHECK("what is left is of the time that was first asked for", left_is_of_the_first_time());
    child = child_start(sleep_for_itself, NULL);
    usleep(20000);
    kill(child, SIGKILL);
    CHECK("who waits for itself can be killed", died_of(child_wait(child), SIGKILL));
}

int main(void) {
    shared_make();
    test_timers();
    test_sleeps();
    test_interrupted();
    return check_done();
}
