/* Loads of one hart: who has which share of it, and who waits how long. */
#include "load.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "../common/child.h"

/* Spins from start to end; its value is what it got. */
static int hog(void *index) {
    sleep_until(shared->start);
    spin_until(shared->end);
    shared->value[(long)index] = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    return 0;
}

/* Uses nine tenths of each of its quanta (of 2 ms) and then rests for a moment. */
static int gamer(void *index) {
    sleep_until(shared->start);
    while (now() < shared->end) {
        spin_until(now() + 9 * MS / 5);
        sleep_until(now() + MS / 20);
    }
    shared->value[(long)index] = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    return 0;
}

/* Sleeps and wakes; its values are the average and the longest delay after a sleep's end. */
static int interactive(void *unused) {
    uint64_t all = 0, longest = 0, times = 0, at = shared->start;
    (void)unused;
    for (int warm = 0; at < shared->end; times++) {
        sleep_until(at);
        uint64_t late = now() - at;
        if (warm++ == 5)                /* who begins at the same time must be known first */
            all = longest = times = 0;
        all += late;
        longest = late > longest ? late : longest;
        spin_until(now() + MS / 20);
        at = now() + 3 * MS;
    }
    shared->value[0] = all / times;
    shared->value[1] = longest;
    return 0;
}

/* hogs MS NICE...: one hog of each niceness on hart 0. */
void load_hogs(int argc, char **argv) {
    pin(1);
    begin(atoi(argv[0]));
    for (int i = 1; i < argc; i++) {
        pid_t pid = child_start(hog, (void *)(long)(i - 1));
        setpriority(PRIO_PROCESS, pid, atoi(argv[i]));
    }
    finish(argc - 1, argc - 1);
}

/* game MS: a gamer and a hog on hart 0. */
void load_game(int argc, char **argv) {
    (void)argc;
    pin(1);
    begin(atoi(argv[0]));
    child_start(gamer, (void *)0);
    child_start(hog, (void *)1);
    finish(2, 2);
}

/* response MS HOGS NICE: an interactive process of that niceness beside hogs, on hart 0. */
void load_response(int argc, char **argv) {
    (void)argc;
    int hogs = atoi(argv[1]);
    pin(1);
    begin(atoi(argv[0]));
    pid_t pid = child_start(interactive, NULL);
    setpriority(PRIO_PROCESS, pid, atoi(argv[2]));
    for (long i = 0; i < hogs; i++)
        child_start(hog, (void *)(i + 2));
    finish(hogs + 1, 2);
}

