/*
 * What a thread sees of its memory when another has changed it meanwhile. It sleeps while that happens,
 * mostly on a hart that idles, which still knows the translations of before.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/thread.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 100
#define PAGES  16
#define STEP   (4096 / sizeof(int))

static int go[2], done;
static int expected, wrong;     /* what page 0 should hold; did another value come? */
static volatile int *memory;
static int to_write;            /* what the sleeper writes when it has read; 0: nothing */

static void post(int *channel) {
    if (write(channel[1], "x", 1) != 1)
        _exit(9);
}

static bool wait_for(int *channel) {
    char token;
    return read(channel[0], &token, 1) == 1;
}

static void *sleeper(void *unused) {
    while (wait_for(go)) {
        int different = 0;
        for (int i = 0; i < PAGES; i++) {
            different |= memory[i * STEP] != expected + i;
            if (to_write)
                memory[i * STEP] = to_write + i;
        }
        wrong = different;
        __atomic_store_n(&done, 1, __ATOMIC_RELEASE);
    }
    return unused;
}

/* Stays awake and ready for nobody else, or harts would exchange the two. */
static bool sleeper_agrees(void) {
    done = 0;
    post(go);
    for (int i = 0; !__atomic_load_n(&done, __ATOMIC_ACQUIRE); i++) {
        if (i > 500000000)
            return false;               /* it has written where nobody looks */
        if (i % 200000 == 199999)
            sched_yield();
    }
    return !wrong;
}

static void fill(int value) {
    expected = value;
    for (int i = 0; i < PAGES; i++)
        memory[i * STEP] = value + i;
}

static void map_fresh(void) {
    memory = mmap((void *)memory, PAGES * 4096, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | (memory ? MAP_FIXED : 0), -1, 0);
    if (memory == MAP_FAILED)
        _exit(8);
}

static void test_replaced(void) {
    bool right = true;
    for (int round = 1; round <= ROUNDS; round++) {
        map_fresh();
        fill(round * PAGES);
        right = sleeper_agrees() && right;
    }
    CHECK("pages that were replaced meanwhile", right);
}

/* Waits until the sleeper has written, then says what it sees itself. */
static int look_later(void *channel) {
    wait_for(channel);
    for (int i = 0; i < PAGES; i++)
        if (memory[i * STEP] != expected + i)
            return 1;
    return 0;
}

static void test_forked(void) {
    bool right = true;
    int later[2];
    if (pipe(later))
        _exit(7);
    for (int round = 1; round <= ROUNDS / 4; round++) {
        fill(round * PAGES);
        to_write = expected;
        right = sleeper_agrees() && right;      /* knows the pages as its own to write now */
        to_write = expected + 1;
        pid_t child = child_start(look_later, later);
        right = sleeper_agrees() && right;
        post(later);
        right = exited_with(child_wait(child), 0) && memory[0] == to_write && right;
    }
    CHECK("pages that were shared with a child meanwhile", right);
}

/* --- who is asked --- */

#define UNMAPS 400

static void pin(int hart) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(hart, &set);
    sched_setaffinity(0, sizeof(set), &set);
}

static long harts_asked(void) {
    static char text[4096];
    FILE *file = fopen("/proc/vmstat", "r");
    size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
    char *at;

    text[length] = '\0';
    if (file)
        fclose(file);
    at = strstr(text, "tlb_remote ");
    return at ? atol(at + 11) : -1;
}

static volatile int spinning, stop;

static int spin_elsewhere(void *hart) {
    pin((int)(long)hart);
    while (!stop)
        ;
    return 0;
}

static void *spin_beside(void *hart) {
    pin((int)(long)hart);
    while (!stop)
        spinning = 1;
    return NULL;
}

/* On harts 0 and 1 run threads of this program, on all others somebody else, and none of them idles. */
static void test_only_those_who_run_it(void) {
    long harts = sysconf(_SC_NPROCESSORS_ONLN), asked;
    pid_t others[8];

    if (harts < 3)
        return;
    for (long i = 2; i < harts; i++)
        others[i] = child_start(spin_elsewhere, (void *)i);
    pin(0);
    pthread_t beside = started(spin_beside, (void *)1l);
    while (!spinning)
        sched_yield();
    usleep(100000);
    asked = harts_asked();
    for (int i = 0; i < UNMAPS; i++) {
        volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                                   -1, 0);
        *page = 1;
        munmap((void *)page, 4096);
    }
    asked = harts_asked() - asked;
    stop = 1;
    pthread_join(beside, NULL);
    for (long i = 2; i < harts; i++) {
        kill(others[i], SIGKILL);
        child_wait(others[i]);
    }
    printf("%d pages unmapped, %ld harts asked\n", UNMAPS, asked);
    CHECK("the hart that runs it as well is asked", asked >= UNMAPS * 3 / 4);
    CHECK("and none of the others", asked < UNMAPS * 3 / 2);
}

int main(void) {
    test_only_those_who_run_it();
    if (pipe(go))
        return 1;
    map_fresh();
    pthread_t thread = started(sleeper, NULL);
    test_replaced();
    test_forked();
    close(go[1]);
    pthread_join(thread, NULL);
    return check_done();
}
