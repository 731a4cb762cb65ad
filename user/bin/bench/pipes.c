/* The rows of pipes. */
#include <string.h>
#include <unistd.h>

#include "bench.h"

static int pipe_fd[2];
static char block[64 * 1024];

/* The pipe is filled beforehand, so that only the read is counted. */
static void pipe_read(void) {
    enum { ROUNDS = 4000 };
    if (pipe(pipe_fd) || write(pipe_fd[1], block, ROUNDS + 100) != ROUNDS + 100)
        fail("pipe");
    for (int i = 0; i < 100; i++)
        read(pipe_fd[0], block, 1);
    unsigned long start = now();
    for (int i = 0; i < ROUNDS; i++)
        read(pipe_fd[0], block, 1);
    report("pipe_read", (now() - start) / ROUNDS);
    close(pipe_fd[0]);
    close(pipe_fd[1]);
}

static void echo_bytes(int in, int out) {
    char c;
    while (read(in, &c, 1) == 1)
        if (write(out, &c, 1) != 1)
            _exit(1);
    _exit(0);
}

/* The one that echoes runs on `harts`. */
void bench_pipe_round_trip(const char *name, unsigned long harts) {
    enum { ROUNDS = 2000 };
    int there[2], back[2];
    char c = 'x';
    if (pipe(there) || pipe(back))
        fail("pipe");
    pid_t child = fork();
    if (child == 0) {
        pin(harts);
        close(there[1]);
        close(back[0]);
        echo_bytes(there[0], back[1]);
    }
    close(there[0]);
    close(back[1]);
    unsigned long start = 0;
    for (int i = 0; i < ROUNDS + 100; i++) {
        if (i == 100)
            start = now();
        if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
            fail("round trip");
    }
    report(name, (now() - start) / ROUNDS);
    close(there[1]);
    close(back[0]);
    reap(child);
}

static void pipe_bandwidth(void) {
    enum { KIB = 4096 };
    int fd[2];
    if (pipe(fd))
        fail("pipe");
    pid_t child = fork();
    if (child == 0) {
        close(fd[0]);
        for (unsigned i = 0; i < KIB * 1024u / sizeof block; i++)
            if (write(fd[1], block, sizeof block) != sizeof block)
                _exit(1);
        _exit(0);
    }
    close(fd[1]);
    unsigned long start = now(), total = 0;
    long got;
    while ((got = read(fd[0], block, sizeof block)) > 0)
        total += got;
    report("pipe_kib", (now() - start) / (total / 1024));
    close(fd[0]);
    reap(child);
}

void bench_pipes(void) {
    memset(block, 'x', sizeof block);
    pipe_read();
    bench_pipe_round_trip("pipe_round_trip", ~0ul);
    pipe_bandwidth();
}
