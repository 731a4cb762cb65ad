/*
 * Load: stress [SECONDS]. Everything at once for a while, and nothing is lost in the end.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DIR "/tmp/stress-test"

static time_t end_time;

static bool time_left(void) {
    return time(NULL) < end_time;
}

static int nothing(void *unused) {
    (void)unused;
    return 0;
}

/* Processes by the thousand. */
static int fork_and_wait(void *unused) {
    (void)unused;
    while (time_left()) {
        for (int i = 0; i < 4; i++)
            if (!child_start(nothing, NULL))
                return 1;
        for (int i = 0; i < 4; i++)
            if (!exited_with(child_wait(-1), 0))
                return 2;
    }
    return 0;
}

static int execute_and_wait(void *unused) {
    (void)unused;
    while (time_left()) {
        pid_t pid = fork();
        if (pid == 0) {
            execl("/bin/true", "true", (char *)NULL);
            _exit(99);
        }
        if (pid < 0 || !exited_with(child_wait(pid), 0))
            return 1;
    }
    return 0;
}

static int pipe_producer(void *fd) {
    uint32_t words[300];

    for (uint32_t n = 0; n < 30000;) {
        for (int i = 0; i < 300; i++)
            words[i] = n++;
        for (size_t done = 0; done < sizeof(words);) {
            ssize_t wrote = write((int)(long)fd, (char *)words + done, sizeof(words) - done);
            if (wrote <= 0)
                return 1;
            done += wrote;
        }
    }
    return 0;
}

static bool pipe_consume(int fd) {
    uint32_t next = 0, words[257];
    size_t have = 0;
    ssize_t got;

    while ((got = read(fd, (char *)words + have, sizeof(words) - have)) > 0) {
        have += got;
        for (size_t i = 0; i < have / 4; i++)
            if (words[i] != next++)
                return false;
        memmove(words, words + have / 4, have % 4);
        have %= 4;
    }
    return next == 30000;
}

/* A pipe that is now full, now empty; the bytes come in order. */
static int pipes(void *unused) {
    (void)unused;
    while (time_left()) {
        int fds[2];
        if (pipe(fds) != 0)
            return 1;
        pid_t pid = child_start(pipe_producer, (void *)(long)fds[1]);
        close(fds[1]);
        if (!pipe_consume(fds[0]) || !exited_with(child_wait(pid), 0))
            return 2;
        close(fds[0]);
    }
    return 0;
}

/* Many writers in one directory: each knows what its own names must hold. */
static int write_names(void *which) {
    char name[64], other[64], text[64], got[64];

    for (int round = 0; time_left(); round++) {
        snprintf(name, sizeof(name), DIR "/%ld-%d", (long)which, round % 7);
        snprintf(other, sizeof(other), DIR "/renamed-%ld", (long)which);
        int length = snprintf(text, sizeof(text), "%ld wrote this in round %d", (long)which, round);
        int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0644);
        if (fd < 0 || write(fd, text, length) != length || rename(name, other) != 0)
            return 1;
        memset(got, 0, sizeof(got));
        if (pread(fd, got, sizeof(got), 0) != length || strcmp(got, text) != 0)
            return 2;
        close(fd);
        if (round % 3 == 0 && (mkdir(name, 0755) != 0 || rmdir(name) != 0))
            return 3;
        if (unlink(other) != 0 || access(name, F_OK) == 0)
            return 4;
    }
    return 0;
}

static int compute(void *unused) {
    volatile uint64_t sum = 0;

    (void)unused;
    while (time_left())
        for (int i = 0; i < 100000; i++)
            sum = sum * 31 + i;
    return 0;
}

/* Memory that comes and goes, shared with children. */
static int touch_memory(void *which) {
    size_t size = 1 << 20;

    while (time_left()) {
        char *block = malloc(size);
        if (block == NULL)
            return 1;
        memset(block, (int)(long)which, size);
        pid_t pid = fork();
        if (pid == 0) {
            memset(block, 'c', size / 2);
            _exit(block[size - 1] == (char)(long)which && block[0] == 'c' ? 0 : 1);
        }
        if (pid < 0 || !exited_with(child_wait(pid), 0) || block[0] != (char)(long)which)
            return 2;
        free(block);
    }
    return 0;
}

static const struct {
    const char *name;
    int (*body)(void *);
    int count;
} loads[] = {
    { "processes", fork_and_wait, 3 },   { "programs", execute_and_wait, 2 },
    { "pipes", pipes, 3 },               { "names", write_names, 6 },
    { "computing", compute, 2 },         { "memory", touch_memory, 2 },
};
#define LOADS (sizeof(loads) / sizeof(loads[0]))

static void run_all(int seconds, bool report) {
    pid_t pids[LOADS][8];

    end_time = time(NULL) + seconds;
    for (size_t i = 0; i < LOADS; i++)
        for (int j = 0; j < loads[i].count; j++)
            pids[i][j] = child_start(loads[i].body, (void *)(long)(j + 1));
    for (size_t i = 0; i < LOADS; i++) {
        int first_bad = 0;
        for (int j = 0; j < loads[i].count; j++) {
            int status = child_wait(pids[i][j]);
            first_bad = first_bad ? first_bad : status;
        }
        char why[40];
        snprintf(why, sizeof(why), "status 0x%x", first_bad);
        if (report || first_bad)
            check(loads[i].name, first_bad == 0, why);
    }
}

int main(int argc, char *argv[]) {
    int seconds = argc > 1 ? atoi(argv[1]) : 6;
    struct statfs before, after;
    long memory;

    mkdir(DIR, 0755);
    run_all(2, false);
    sync();
    statfs(DIR, &before);
    memory = memory_free();
    run_all(seconds, true);
    sync();
    statfs(DIR, &after);
    CHECK("free blocks", before.f_bfree == after.f_bfree);
    CHECK("free inodes", before.f_ffree == after.f_ffree);
    CHECK("free memory", memory_is_back(memory, 256 * 4096));
    CHECK("the directory is empty", rmdir(DIR) == 0);
    return check_done();
}
