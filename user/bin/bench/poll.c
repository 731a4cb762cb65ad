/* The rows of poll: one descriptor, and what each of a thousand costs. */
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench.h"

enum { MANY = 500, ROUNDS = 20 };

static int ends[MANY][2];
static struct pollfd one, many[2 * MANY];

static void poll_one(void) {
    if (poll(&one, 1, -1) != 1)
        fail("poll");
}

void bench_poll_one(void) {
    int fd[2];
    if (pipe(fd))
        fail("pipe");
    one = (struct pollfd){ .fd = fd[1], .events = POLLOUT };
    measure("poll_one", 2000, poll_one);
    close(fd[0]), close(fd[1]);
}

/* Half of them read ends, half the same again: nothing to read, so that all is looked at. */
static void poll_many(void) {
    unsigned long start = now();
    for (int i = 0; i < ROUNDS; i++)
        if (poll(many, 2 * MANY, 0) != 0)
            fail("poll");
    report("poll_each", (now() - start) / ROUNDS / (2 * MANY));
}

/* The same for one that would wait: it joins every queue, finds its time over, and leaves them. */
static void poll_many_wait(void) {
    struct timespec moment = { 0, 150000 };
    unsigned long start = now();
    for (int i = 0; i < ROUNDS; i++)
        if (ppoll(many, 2 * MANY, &moment, NULL) != 0)
            fail("ppoll");
    report("poll_wait_each", (now() - start) / ROUNDS / (2 * MANY));
}

void bench_poll(void) {
    bench_poll_one();
    struct rlimit limit = { 2 * MANY + 20, 2 * MANY + 20 };
    if (setrlimit(RLIMIT_NOFILE, &limit))
        fail("setrlimit");
    for (int i = 0; i < MANY; i++) {
        if (pipe(ends[i]))
            fail("pipe");
        many[i] = (struct pollfd){ .fd = ends[i][0], .events = POLLIN };
        many[MANY + i] = many[i];
    }
    poll_many();
    poll_many_wait();
    for (int i = 0; i < MANY; i++)
        close(ends[i][0]), close(ends[i][1]);
}
