/*
 * Calls for which the kernel needs many frames in a row: they must not fail because those that are free
 * lie apart, as on a small machine that swaps. blocks [ROUNDS]
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILES  2000
#define PIECES 1024
#define STRINGS 25      /* of 4 KiB: 100 KiB of arguments */

static int exec_large(void *path) {
    static char string[4096];
    char *argv[STRINGS + 3] = { path, "strings" };
    memset(string, 'a', sizeof(string) - 1);
    for (int i = 0; i < STRINGS; i++)
        argv[2 + i] = string;
    execv(path, argv);
    perror("exec");
    return 1;
}

/* A table of many descriptors, and a list of as many to wait for. */
static int open_many(void *unused) {
    static struct pollfd polled[FILES];
    struct rlimit limit = { FILES + 10, FILES + 10 };
    int fd = open("/dev/null", O_RDWR);
    (void)unused;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 2;
    for (int i = 0; i < FILES; i++) {
        polled[i] = (struct pollfd){ dup(fd), POLLIN, 0 };
        if (polled[i].fd < 0) {
            perror("dup");
            return 3;
        }
    }
    if (poll(polled, FILES, 0) != FILES) {
        perror("poll");
        return 4;
    }
    return 0;
}

static int read_pieces(void *path) {
    static char bytes[PIECES];
    static struct iovec pieces[PIECES];
    int fd = open(path, O_RDONLY);
    for (int i = 0; i < PIECES; i++)
        pieces[i] = (struct iovec){ &bytes[PIECES - 1 - i], 1 };
    if (readv(fd, pieces, PIECES) != PIECES) {
        perror("readv");
        return 1;
    }
    return memcmp(&bytes[PIECES - 4], "FLE\177", 4) == 0 ? 0 : 2;
}

static int failures(int rounds, int (*body)(void *), void *arg) {
    int failed = 0;
    for (int i = 0; i < rounds; i++)
        failed += !exited_with(child_run(body, arg), 0);
    return failed;
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "strings") == 0)
        return argc != STRINGS + 2;
    int rounds = argc > 1 ? atoi(argv[1]) : 3;
    void *path = (void *)own_path();
    CHECK("exec with much", failures(rounds, exec_large, path) == 0);
    CHECK("many descriptors", failures(rounds, open_many, NULL) == 0);
    CHECK("many pieces", failures(rounds, read_pieces, path) == 0);
    return check_done();
}
