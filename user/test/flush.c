/*
 * What a thread sees of its memory when another has changed it meanwhile. It sleeps while that happens,
 * mostly on a hart that idles, which still knows the translations of before.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/thread.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
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

int main(void) {
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
