/*
 * Threads one by one: what /proc/PID/task says of them, their CPU-time clocks, names and priorities. A
 * program for Linux, which knows nothing of this kernel.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SLEEPER, SPINNER, WAITER, THREADS };

static pthread_t threads[THREADS];
static _Atomic pid_t tids[THREADS];
static atomic_bool done;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int ok, bad;

static void check(const char *what, bool holds) {
    printf("%s %s\n", holds ? "ok" : "FAIL", what);
    holds ? ok++ : bad++;
    fflush(stdout);
}

static void *sleeper(void *unused) {
    tids[SLEEPER] = gettid();
    while (!done)
        usleep(20000);
    return unused;
}

static void *spinner(void *unused) {
    tids[SPINNER] = gettid();
    while (!done)
        ;
    return unused;
}

static void *waiter(void *unused) {
    tids[WAITER] = gettid();
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    return unused;
}

static char text[4096];

static bool slurp(const char *path) {
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

    text[length] = '\0';
    if (file)
        fclose(file);
    return length > 0;
}

/* A field of a stat file, from 3 on. */
static char *field(const char *path, int n) {
    char *rest = slurp(path) && strrchr(text, ')') ? strrchr(text, ')') + 2 : text, *word = NULL;

    for (int i = 3; i <= n; i++)
        word = strtok_r(i == 3 ? rest : NULL, " ", &rest);
    return word ? word : "";
}

static const char *of(int thread, const char *name) {
    static char path[64];

    snprintf(path, sizeof(path), "/proc/self/task/%d/%s", (int)tids[thread], name);
    return path;
}

static bool comes_to(int thread, char state) {
    for (int i = 0; i < 1000; i++) {
        if (*field(of(thread, "stat"), 3) == state)
            return true;
        usleep(10000);
    }
    return false;
}

static int count_tasks(void) {
    DIR *dir = opendir("/proc/self/task");
    struct dirent *entry;
    int known = 0, all = 0;

    while (dir && (entry = readdir(dir))) {
        all += entry->d_name[0] != '.';
        for (int i = 0; i < THREADS; i++)
            known += atoi(entry->d_name) == tids[i];
    }
    closedir(dir);
    return known == THREADS ? all : -all;
}

static long clock_ms(clockid_t clock) {
    struct timespec time;

    return clock_gettime(clock, &time) == 0 ? time.tv_sec * 1000 + time.tv_nsec / 1000000 : -1;
}

static void test_times(void) {
    clockid_t clock;
    long of_process, of_thread = 0;

    pthread_getcpuclockid(threads[SPINNER], &clock);
    for (int i = 0; i < 500 && of_thread < 200; i++) {
        usleep(10000);
        of_thread = clock_ms(clock);
    }
    of_process = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    check("the clock of one who computes", of_thread >= 200 && of_thread <= of_process);
    long user = atol(field(of(SPINNER, "stat"), 14)), all = atol(field("/proc/self/stat", 14));
    check("its time in stat", user >= 10 && all >= user);
    check("a sleeper's is its own", atol(field(of(SLEEPER, "stat"), 14)) < user);
    check("so is the first thread's", clock_ms(CLOCK_THREAD_CPUTIME_ID) < of_process);
    timer_t timer;
    check("a timer of another's clock", timer_create(clock, NULL, &timer) == 0 && timer_delete(timer) == 0);
    check("until another has computed so long",
          clock_nanosleep(clock, 0, &(struct timespec){0, 50000000}, NULL) == 0 &&
          clock_ms(clock) >= of_thread + 50);
    check("the clock of one's own pid", clock_getcpuclockid(getpid(), &clock) == 0 &&
          clock_ms(clock) >= of_process && clock_nanosleep(clock, 0, &(struct timespec){0, 1}, NULL) == 0);
}

static void test_names(void) {
    char name[16] = "";

    check("named by another", pthread_setname_np(threads[SLEEPER], "dormouse") == 0 &&
                                  slurp(of(SLEEPER, "comm")) && strcmp(text, "dormouse\n") == 0);
    check("which it sees too", pthread_getname_np(threads[SLEEPER], name, sizeof(name)) == 0 &&
                                   strcmp(name, "dormouse") == 0);
    check("the process keeps its name",
          slurp("/proc/self/comm") && strcmp(text, "glibc-tasks\n") == 0);
    FILE *other = fopen("/proc/1/comm", "w");
    bool failed = !other || fputs("x", other) < 0 || fclose(other) != 0;
    check("other processes' are theirs",
          failed && slurp("/proc/1/comm") && strcmp(text, "init\n") == 0);
}

static void test_priorities(void) {
    check("a thread's priority is its own", setpriority(PRIO_PROCESS, tids[SPINNER], 7) == 0 &&
              getpriority(PRIO_PROCESS, tids[SPINNER]) == 7 && getpriority(PRIO_PROCESS, 0) == 0);
    check("it is in stat",
          atoi(field(of(SPINNER, "stat"), 19)) == 7 && atoi(field("/proc/self/stat", 19)) == 0);
}

int main(void) {
    static void *(*const bodies[])(void *) = { sleeper, spinner, waiter };
    char link[32] = "", expected[32];

    pthread_mutex_lock(&mutex);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, bodies[i], NULL);
    for (int i = 0; i < THREADS; i++)
        while (!tids[i])
            usleep(1000);
    check("all are listed", count_tasks() == THREADS + 1);
    check("and counted", atoi(field("/proc/self/stat", 20)) == THREADS + 1);
    check("one sleeps", comes_to(SLEEPER, 'S'));
    check("one runs", comes_to(SPINNER, 'R'));
    check("one waits for a lock",
          comes_to(WAITER, 'S') && slurp(of(WAITER, "wchan")) && strstr(text, "futex"));
    snprintf(expected, sizeof(expected), "%d/task/%d", getpid(), gettid());
    check("thread-self",
          readlink("/proc/thread-self", link, sizeof(link)) > 0 && strcmp(link, expected) == 0);
    test_times();
    test_names();
    test_priorities();
    done = true;
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    check("their time stays with the process", atol(field("/proc/self/stat", 14)) >= 10);
    for (int i = 0; i < 500 && count_tasks() != -1; i++)
        usleep(10000);
    check("they are gone", count_tasks() == -1 && !slurp(of(SLEEPER, "stat")));
    printf("done: %d ok, %d failed\n", ok, bad);
    return bad > 0;
}
