/* The rows of threads: a hand-off between two by futexes, and one's whole life. */
#include <abi/futex.h>
#include <abi/syscall.h>
#include <pthread.h>
#include <unistd.h>

#include "bench.h"

enum { ROUNDS = 2000, WARM_UP = 100 };

static int turn;

static void wait_for_turn(int mine) {
    int now;
    while ((now = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) % 2 != mine)
        syscall(SYS_futex, &turn, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, (long)now, NULL);
}

static void pass_turn(void) {
    __atomic_fetch_add(&turn, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &turn, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1l);
}

static void *other_side(void *unused) {
    for (int i = 0; i < WARM_UP + ROUNDS; i++) {
        wait_for_turn(1);
        pass_turn();
    }
    return unused;
}

static pthread_t started(void *(*body)(void *)) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, body, NULL))
        fail("pthread_create");
    return thread;
}

/* Two hand-offs: each wakes the other, and sleeps until it is woken. */
void bench_futex(void) {
    turn = 0;
    pthread_t thread = started(other_side);
    unsigned long start = 0;
    for (int i = 0; i < WARM_UP + ROUNDS; i++) {
        if (i == WARM_UP)
            start = now();
        pass_turn();
        wait_for_turn(0);
    }
    report("futex_round_trip", (now() - start) / ROUNDS);
    pthread_join(thread, NULL);
}

static void *do_nothing(void *unused) { return unused; }

static void thread_life(void) { pthread_join(started(do_nothing), NULL); }

void bench_threads(void) {
    bench_futex();
    measure("thread_join", 500, thread_life);
}
