/*
 * Threads that map, touch and unmap at the same time: those that change the space and those that only
 * fault in it wait for each other, and none for ever.
 *
 * mapthreads SECONDS: measures, for so long each.
 */
#include "common/check.h"
#include "common/thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096l
#define PAGES 16

static volatile bool over;
static long rounds[THREADS];
static int mistakes;

static void mistake(void) {
    __atomic_fetch_add(&mistakes, 1, __ATOMIC_RELAXED);
}

static void map_touch_unmap(void) {
    char *at = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (at == MAP_FAILED || at[0] || at[PAGE] || (at[0] = 1, munmap(at, 2 * PAGE)))
        mistake();
}

static void fault(char *mine) {
    for (int i = 0; i < PAGES; i++)
        if (mine[i * PAGE]++)
            mistake();
    madvise(mine, PAGES * PAGE, MADV_DONTNEED);
}

static void *change(void *me) {
    pthread_barrier_wait(&barrier);
    for (; !over; rounds[(long)me]++)
        map_touch_unmap();
    return NULL;
}

static void *change_or_fault(void *me) {
    char *mine = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    pthread_barrier_wait(&barrier);
    for (; !over; rounds[(long)me]++)
        (long)me % 2 ? fault(mine) : map_touch_unmap();
    munmap(mine, PAGES * PAGE);
    return NULL;
}

/* Has each thread of those from `first` on come to at least a few rounds? */
static bool all_progress(int first, int step) {
    for (int i = first; i < THREADS; i += step)
        if (__atomic_load_n(&rounds[i], __ATOMIC_RELAXED) < 3)
            return false;
    return true;
}

/* On a slow host it takes longer until all have had their turns; for one that starves, for ever. */
static void *watch(void *ms) {
    usleep((long)ms * 1000);
    for (int i = 0; i < 2000 && !all_progress(0, 1); i++)
        usleep(10000);
    over = true;
    return NULL;
}

static void run_for(void *(*body)(void *), long ms, const char *what) {
    pthread_t timer;
    long sums[2] = { 0, 0 };

    over = false;
    for (int i = 0; i < THREADS; i++)
        rounds[i] = 0;
    timer = started(watch, (void *)ms);
    run_all(body);
    pthread_join(timer, NULL);
    for (int i = 0; i < THREADS; i++)
        sums[i % 2] += rounds[i];
    printf("%s: %ld + %ld a second:", what, sums[0] * 1000 / ms, sums[1] * 1000 / ms);
    for (int i = 0; i < THREADS; i++)
        printf(" %ld", rounds[i]);
    printf("\n");
}

int main(int argc, char *argv[]) {
    long ms = argc > 1 ? atol(argv[1]) * 1000 : 400;

    run_for(change, ms, "mapping");
    CHECK("every thread maps and unmaps", all_progress(0, 1));
    run_for(change_or_fault, ms, "mapping + faulting");
    CHECK("those that map, while others fault", all_progress(0, 2));
    CHECK("those that fault, while others map", all_progress(1, 2));
    CHECK("all pages were fresh", mistakes == 0);
    return check_done();
}
