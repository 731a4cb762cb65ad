/* Rows while 2, 20 and 2000 processes sleep: no cost in the kernel grows with the number of sleepers. */
#include <abi/futex.h>
#include <abi/syscall.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

enum { CROWD = 2000 };

static pid_t sleepers[CROWD];
static int arrivals[2], silent[2];
static int *word;

/* They sleep in different ways, each of which would be a queue or a list that somebody could walk. */
static void sleep_somehow(int kind) {
    struct pollfd fd = { .fd = silent[0], .events = POLLIN };
    struct timespec long_time = { 100000 + kind, 0 };
    char c = 'x';
    if (write(arrivals[1], &c, 1) != 1)
        _exit(1);
    switch (kind % 5) {
    case 0: read(silent[0], &c, 1); break;
    case 1: poll(&fd, 1, -1); break;
    case 2: nanosleep(&long_time, NULL); break;
    case 3: syscall(SYS_futex, word, FUTEX_WAIT, 0l, NULL); break;
    default: pause();
    }
    _exit(1);
}

static void crowd_grow(int from, int to) {
    char c;
    for (int i = from; i < to; i++) {
        sleepers[i] = fork();
        if (sleepers[i] == 0)
            sleep_somehow(i);
        if (sleepers[i] < 0 || read(arrivals[0], &c, 1) != 1)
            fail("crowd");
    }
    usleep(10000);              /* the last to arrive are on their way to sleep */
}

static void measure_all(void) {
    bench_calls();
    bench_yield();
    bench_pipe_round_trip("pipe_round_trip", ~0ul);
    bench_futex();
    bench_signal();
    bench_timer();
    bench_poll_one();
    bench_page_fault();
    bench_fork(40);
}

void bench_crowd(void) {
    static const int sizes[] = { 2, 20, CROWD };
    word = mmap(NULL, sizeof *word, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (word == MAP_FAILED || pipe(arrivals) || pipe(silent))
        fail("crowd");
    for (int i = 0, n = 0; i < 3; n = sizes[i++]) {
        crowd_grow(n, sizes[i]);
        bench_crowd_size = sizes[i];
        measure_all();
    }
    for (int i = 0; i < CROWD; i++) {
        kill(sleepers[i], SIGKILL);
        reap(sleepers[i]);
    }
}
