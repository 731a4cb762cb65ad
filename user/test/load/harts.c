/* Loads of several harts: whether all are used and shared, and nobody is lost. */
#include "load.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "../common/child.h"
#include "../common/tell.h"

/* Spins all the time; its value is how many millionths of the time from start to end it ran. */
static int hog_share(void *index) {
    uint64_t from, to, ran;
    do {
        ran = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
        from = now();
    } while (from < shared->start);
    do
        to = now();
    while (to < shared->end);
    ran = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - ran;
    shared->value[(long)index] = ran * 1000000 / (to - from);
    return 0;
}

/* Two that wake each other through pipes; the value counts. */
static int ping(void *index) {
    int there[2], back[2];
    char c = 0;
    pipe(there);
    pipe(back);
    pid_t pid = fork();
    if (pid == 0)
        for (;;)
            if (read(there[0], &c, 1) != 1 || write(back[1], &c, 1) != 1)
                _exit(0);
    while (!shared->stop)
        if (write(there[1], &c, 1) == 1 && read(back[0], &c, 1) == 1)
            shared->value[(long)index]++;
    kill(pid, SIGKILL);
    child_wait(pid);
    return 0;
}

/* The same on hart 1 alone: neither ever has a whole quantum. */
static int ping_there(void *index) {
    pin(2);
    return ping(index);
}

/*
 * spread MS HOGS [ping]: shares of hogs that begin on hart 0 and then may run anywhere, beside two that
 * wake each other. What is measured begins when the hogs have had the time to go there: from then on no
 * hart may idle.
 */
void load_spread(int argc, char **argv) {
    int hogs = atoi(argv[1]);
    bool pings = argc > 2;
    if (pings)
        child_start(ping_there, (void *)(long)hogs);
    while (pings && !shared->value[hogs])
        sleep_until(now() + MS);
    cpu_set_t set;
    pid_t pids[64];
    pin(1);
    shared->start = shared->end = UINT64_MAX;
    for (long i = 0; i < hogs; i++)
        pids[i] = child_start(hog_share, (void *)i);
    memset(&set, 0xff, sizeof(set));
    for (int i = 0; i < hogs; i++)
        sched_setaffinity(pids[i], sizeof(set), &set);
    uint64_t start = now() + 50 * MS;
    shared->end = start + atoi(argv[0]) * MS;
    shared->start = start;
    finish(hogs, hogs);
    shared->stop = true;
    if (pings)
        child_wait(-1);
}

static int freed(void *index) {
    pin(~0ul);
    return hog_share(index);
}

/* bound MS: the shares of a hog that may run on hart 0 alone, and of one that frees itself from there. */
void load_bound(int argc, char **argv) {
    (void)argc;
    pin(1);
    shared->start = now() + 50 * MS;
    shared->end = shared->start + atoi(argv[0]) * MS;
    child_start(hog_share, (void *)0);
    child_start(freed, (void *)1);
    finish(2, 2);
}

static int count(void *index) {
    for (; !shared->stop; shared->value[(long)index]++)
        spin();
    return 0;
}

static int nap(void *index) {
    for (; !shared->stop; shared->value[(long)index]++)
        sleep_until(now() + MS / 5);
    return 0;
}

/* naps TIMES: nobody else runs. */
void load_naps(int argc, char **argv) {
    (void)argc;
    for (int i = atoi(argv[0]); i > 0; i--)
        sleep_until(now() + MS / 10);
}

static void note(int sig) {
    (void)sig;
    shared->value[0]++;
}

static int run_for_ever(void *unused) {
    (void)unused;
    signal(SIGUSR1, note);
    shared->value[1] = 1;
    while (!shared->stop)
        ;
    return 0;
}

/* signals TIMES: how many of so many to one that runs were taken, each before the next was sent. */
void load_signals(int argc, char **argv) {
    (void)argc;
    pid_t pid = child_start(run_for_ever, NULL);
    while (!shared->value[1])
        ;
    uint64_t sent = 0, times = atoi(argv[0]), limit = now();
    for (; sent < times && shared->value[0] == sent; sent++) {
        kill(pid, SIGUSR1);
        limit = now() + 20000 * MS;
        while (shared->value[0] == sent && now() < limit)
            ;
    }
    printf("%lu of %lu\n", shared->value[0], sent);
    kill(pid, SIGKILL);
    child_wait(pid);
}

/* switch TIMES: changes the policy under load; who did nothing after the last change was lost. */
void load_switch(int argc, char **argv) {
    static const char *const names[] = {"rr", "mlfq", "lottery", "stride", "priority", "fair"};
    static int (*const loads[])(void *) = {count, ping, nap};
    int times = atoi(argv[0]), lost = 0;
    (void)argc;
    setpriority(PRIO_PROCESS, 0, -1);   /* above them, under strict priority */
    for (long i = 0; i < 12; i++)
        setpriority(PRIO_PROCESS, child_start(loads[i % 3], (void *)i), 0);
    for (int i = 0; i < times; i++) {
        if (!sched_tell(names[i * 5 % 6]))
            lost++;
        sleep_until(now() + (uint64_t)(i % 7) * MS / 10);
    }
    sched_tell("rr");
    uint64_t before[12];
    for (int i = 0; i < 12; i++)
        before[i] = shared->value[i];
    uint64_t limit = now() + 10000 * MS;
    for (int i = 0; i < 12; i++) {
        while (shared->value[i] == before[i] && now() < limit)
            sleep_until(now() + 10 * MS);
        lost += shared->value[i] == before[i];
    }
    shared->stop = true;
    for (int i = 0; i < 12; i++)
        lost += !exited_with(child_wait(-1), 0);
    printf("lost %d\n", lost);
}

