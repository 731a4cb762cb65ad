/*
 * Strange readers of /proc: of texts that are made piece by piece (frames) or anew for each question
 * (walk), in small steps, at odd places, many at once, and of processes that end meanwhile.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096ul

static bool is_run(const char *line) {
    unsigned long start, frames;
    char kind[16];

    return sscanf(line, "%lx %lu %15s", &start, &frames, kind) == 3 && start % PAGE == 0 && frames;
}

static void test_small_reads(void) {
    char line[256], byte;
    size_t length = 0;
    unsigned long lines = 0, strange = 0;
    int fd = open("/proc/frames", O_RDONLY);

    while (read(fd, &byte, 1) == 1) {
        line[length++] = byte;
        if (byte != '\n' && length < sizeof(line) - 1)
            continue;
        line[length] = '\0';
        strange += !is_run(line);
        lines++;
        length = 0;
    }
    CHECK("read byte by byte", lines > 10 && !strange && !length);
    CHECK("from the beginning again", lseek(fd, 0, SEEK_SET) == 0 && read(fd, line, 9) == 9 &&
                                          memchr(line, ' ', 9));
    close(fd);
}

static void test_odd_offsets(void) {
    char text[64];
    int fd = open("/proc/frames", O_RDONLY);

    CHECK("far behind the end", pread(fd, text, 8, 1l << 40) == 0 && pread(fd, text, 8, INT64_MAX) == 0);
    CHECK("before the beginning", pread(fd, text, 8, -1) < 0 && errno == EINVAL);
    CHECK("in the middle, and back", pread(fd, text, 8, 500) == 8 && pread(fd, text, 8, 3) == 8);
    CHECK("a bad pointer", read(fd, (void *)8, 100) < 0 && errno == EFAULT);
    CHECK("nothing", read(fd, text, 0) == 0);
    CHECK("not to be written", open("/proc/frames", O_RDWR) < 0 && errno == EACCES);
    close(fd);
}

/* Reads at random places of a file that another process has open as well. */
static int read_anywhere(void *arg) {
    int fd = *(int *)arg;
    char text[512];

    srand(getpid());
    for (int i = 0; i < 60; i++)
        if (pread(fd, text, 1 + rand() % sizeof(text), rand() % 8000) < 0)
            return 1;
    return 0;
}

static int ask_and_read(void *arg) {
    int fd = *(int *)arg;
    char text[512];

    for (int i = 0; i < 5000; i++)
        if (pwrite(fd, i % 2 ? "10000\n" : "0\n", 6 - 4 * (i % 2 == 0), 0) < 0 ||
            pread(fd, text, sizeof(text), i % 7) < 0)
            return 1;
    return 0;
}

static int come_and_go(void *arg) {
    static char pages[40 * PAGE];

    (void)arg;
    for (int i = 0; i < 60; i++) {
        memset(pages, i, 40 * PAGE);
        child_run(ask_and_read, &(int){ -1 });
    }
    return 0;
}

static void test_readers_at_once(void) {
    int (*const bodies[])(void *) = { read_anywhere, read_anywhere, read_anywhere, ask_and_read,
                                      ask_and_read, come_and_go, come_and_go };
    enum { BODIES = sizeof(bodies) / sizeof(bodies[0]) };
    long before = memory_free();
    int frames = open("/proc/frames", O_RDONLY), walk = open("/proc/self/walk", O_RDWR);
    pid_t children[BODIES];
    bool right = true;

    for (int i = 0; i < BODIES; i++)
        children[i] = child_start(bodies[i], bodies[i] == ask_and_read ? &walk : &frames);
    for (int i = 0; i < BODIES; i++)
        right &= exited_with(child_wait(children[i]), 0);
    CHECK("many read one file while processes come and go", right);
    close(frames);
    close(walk);
    CHECK("nothing of it stays", memory_is_back(before, 256 << 10));
}

static int sleep_long(void *unused) {
    (void)unused;
    sleep(1000);
    return 0;
}

/* A number that is another's now: the question is not answered. */
static void test_process_has_gone(void) {
    char path[64];
    pid_t child = child_start(sleep_long, NULL);

    snprintf(path, sizeof(path), "/proc/%d/walk", (int)child);
    int fd = open(path, O_RDWR);
    CHECK("a question while it is there", write(fd, "0\n", 2) == 2);
    kill(child, SIGKILL);
    child_wait(child);
    CHECK("and when it has gone", write(fd, "0\n", 2) < 0 && errno == ESRCH);
    CHECK("the last answer stays", pread(fd, path, 4, 0) == 4);
    close(fd);
}

static int change_owner_on_demand(void *pipe) {
    char byte;

    return read(*(int *)pipe, &byte, 1) == 1 && setuid(1000) == 0 && sleep(1000) ? 0 : 1;
}

static void test_owner_has_changed(void) {
    char path[64];
    int ends[2];
    bool told = pipe(ends) == 0;
    pid_t child = child_start(change_owner_on_demand, ends);

    snprintf(path, sizeof(path), "/proc/%d/walk", (int)child);
    int fd = open(path, O_RDWR);
    CHECK("a question to its owner", write(fd, "0\n", 2) == 2);
    told &= write(ends[1], "x", 1) == 1;
    bool refused = false;
    for (int i = 0; i < 1000 && !refused; i++) {
        refused = write(fd, "0\n", 2) < 0 && errno == ESRCH;
        usleep(1000);
    }
    CHECK("and to the next one", told && refused);
    kill(child, SIGKILL);
    child_wait(child);
    close(fd);
    close(ends[0]);
    close(ends[1]);
}

/* What is made at the open is missing when the kernel reads a file as a program. */
static int exec_entry(void *path) {
    char *const arguments[] = { path, NULL };
    int fd = open(path, O_RDONLY);

    (void)!fchmod(fd, 0755);
    execv(path, arguments);
    return errno == EACCES || errno == ENOEXEC ? 0 : 1;
}

static void test_exec(void) {
    CHECK("no text of /proc is a program", exited_with(child_run(exec_entry, "/proc/meminfo"), 0));
    CHECK("nor a piece of one", exited_with(child_run(exec_entry, "/proc/frames"), 0));
}

int main(void) {
    test_small_reads();
    test_odd_offsets();
    test_readers_at_once();
    test_process_has_gone();
    test_owner_has_changed();
    test_exec();
    return check_done();
}
