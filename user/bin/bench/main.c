/*
 * bench: what the kernel's basic operations cost.
 *
 * Prints a line for each row: `bench NAME VALUE UNIT`. The unit is instructions as the instret
 * counter shows them, which is exact under QEMU's -icount; with -w it is nanoseconds of the wall
 * clock. `make bench` runs it as the first process and lays the rows beside the budgets.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../common/slurp.h"
#include "bench.h"

#define PAGE 4096
#define MIB (1024 * 1024)

static int wall;

unsigned long now(void) {
    unsigned long count;
    if (wall) {
        struct timespec time;
        clock_gettime(CLOCK_MONOTONIC, &time);
        return time.tv_sec * 1000000000ul + time.tv_nsec;
    }
    __asm__ volatile("rdinstret %0" : "=r"(count));
    return count;
}

void report(const char *name, unsigned long value) {
    printf("bench %s %lu %s\n", name, value, wall ? "ns" : "instructions");
    fflush(stdout);
}

void fail(const char *what) {
    perror(what);
    exit(1);
}

void measure(const char *name, unsigned long rounds, void (*body)(void)) {
    for (unsigned long i = 0; i < rounds / 10 + 1; i++)
        body();
    unsigned long start = now();
    for (unsigned long i = 0; i < rounds; i++)
        body();
    report(name, (now() - start) / rounds);
}

static int null_fd, pipe_fd[2], file_fd;
static char block[64 * 1024];

static void null_call(void) { getpid(); }

static void write_null(void) {
    if (write(null_fd, block, 1) != 1)
        fail("write /dev/null");
}

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

static void reap(pid_t pid) {
    if (pid < 0 || waitpid(pid, NULL, 0) != pid)
        fail("wait");
}

static void echo_bytes(int in, int out) {
    char c;
    while (read(in, &c, 1) == 1)
        if (write(out, &c, 1) != 1)
            _exit(1);
    _exit(0);
}

static void pipe_round_trip(void) {
    enum { ROUNDS = 2000 };
    int there[2], back[2];
    char c = 'x';
    if (pipe(there) || pipe(back))
        fail("pipe");
    pid_t child = fork();
    if (child == 0) {
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
    report("pipe_round_trip", (now() - start) / ROUNDS);
    close(there[1]);
    close(back[0]);
    reap(child);
}

static void yield_two(void) {
    enum { ROUNDS = 5000 };
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < ROUNDS + 200; i++)
            sched_yield();
        _exit(0);
    }
    for (int i = 0; i < 100; i++)
        sched_yield();
    unsigned long start = now();
    for (int i = 0; i < ROUNDS; i++)
        sched_yield();
    /* Each round is a switch there and one back. */
    report("sched_yield", (now() - start) / ROUNDS / 2);
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

static void fork_exit(void) {
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    reap(child);
}

static void fork_exec(void) {
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/true", "true", NULL);
        _exit(127);
    }
    reap(child);
}

static char *big;

static void touch_all(void) {
    for (unsigned long i = 0; i < 4 * MIB; i += PAGE)
        big[i]++;
}

static void fork_dirty(void) {
    pid_t child = fork();
    if (child == 0) {
        touch_all();
        _exit(0);
    }
    reap(child);
}

static void fork_big(void) {
    big = mmap(NULL, 4 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (big == MAP_FAILED)
        fail("mmap");
    touch_all();
    measure("fork_4mib", 20, fork_exit);
    touch_all();
    measure("fork_4mib_write", 10, fork_dirty);
    munmap(big, 4 * MIB);
}

static void page_fault(void) {
    enum { PAGES = 2000 };
    char *fresh = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fresh == MAP_FAILED)
        fail("mmap");
    unsigned long start = now();
    for (unsigned long i = 0; i < PAGES; i++)
        fresh[i * PAGE] = 1;
    report("page_fault", (now() - start) / PAGES);
    munmap(fresh, PAGES * PAGE);
}

/* A page of a file that is in the page cache: mapped, read, and unmapped. */
static void map_cached(void) {
    volatile char *page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, file_fd, 0);
    if (page == MAP_FAILED || page[0] != 'x' || munmap((void *)page, PAGE))
        fail("mmap");
}

static unsigned long counter(const char *name) {
    char line[128];
    unsigned long value = 0;
    FILE *file = fopen("/proc/vmstat", "r");
    while (file && fgets(line, sizeof line, file))
        if (!strncmp(line, name, strlen(name)))
            value = strtoul(line + strlen(name), NULL, 10);
    if (file)
        fclose(file);
    return value;
}

/* What one more page costs to the swap disk, and back, where each that comes drives one out. */
static void swap_pages(void) {
    struct sysinfo info;
    sysinfo(&info);
    unsigned long size = info.totalram / 2 * 3 & -PAGE;
    char *all = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED || !info.totalswap)
        fail("swap");
    unsigned long at = 0, start, first;
    for (; at < size && counter("pswpout ") == 0; at += 64 * PAGE)
        for (unsigned long i = 0; i < 64; i++)
            all[at + i * PAGE] = 'y';
    start = now(), first = counter("pswpout ");
    for (; at < size; at += PAGE)
        all[at] = 'y';
    report("swap_out", (now() - start) / (counter("pswpout ") - first));
    start = now(), first = counter("pswpin ");
    for (at = 0; at < size; at += PAGE)
        if (all[at] != 'y')
            fail("swap");
    report("swap_in", (now() - start) / (counter("pswpin ") - first));
}

static void create_unlink(void) {
    int fd = open("/tmp/bench.new", O_CREAT | O_EXCL | O_WRONLY, 0644);
    if (fd < 0 || write(fd, block, 1024) != 1024 || close(fd) || unlink("/tmp/bench.new"))
        fail("create");
}

static void open_close(void) {
    int fd = open("/tmp/bench.a/b/file", O_RDONLY);
    if (fd < 0)
        fail("open");
    close(fd);
}

static void make_tree(void) {
    mkdir("/tmp", 01777);
    mkdir("/tmp/bench.a", 0755);
    mkdir("/tmp/bench.a/b", 0755);
    file_fd = open("/tmp/bench.a/b/file", O_CREAT | O_RDWR, 0644);
    if (file_fd < 0)
        fail("/tmp/bench.a/b/file");
}

static void remove_tree(void) {
    close(file_fd);
    unlink("/tmp/bench.a/b/file");
    rmdir("/tmp/bench.a/b");
    rmdir("/tmp/bench.a");
}

static void write_file(void) {
    if (pwrite(file_fd, block, sizeof block, 0) != sizeof block)
        fail("write");
}

static void read_file(void) {
    if (pread(file_fd, block, sizeof block, 0) != sizeof block)
        fail("read");
}

/* As measure, but for 64 KiB a round; the row is for one KiB. */
static void measure_kib(const char *name, void (*body)(void)) {
    enum { ROUNDS = 50 };
    body();
    unsigned long start = now();
    for (int i = 0; i < ROUNDS; i++)
        body();
    report(name, (now() - start) / ROUNDS / (sizeof block / 1024));
}

static void take_signal(int sig) { (void)sig; }

static void signal_self(void) {
    if (kill(getpid(), SIGUSR1))
        fail("kill");
}

static void memory_in_use(void) {
    char *text = file_slurp_require("/proc/meminfo");
    printf("bench memory %lld KiB\n", text_number(text, "MemTotal") - text_number(text, "MemFree") -
                                          text_number(text, "Buffers") - text_number(text, "Cached"));
    free(text);
}

/* bench [-w] [-s]: -w in nanoseconds; -s the rows that need a swap disk and little memory. */
int main(int argc, char **argv) {
    unsigned long at_start = now();
    bool swap = false;
    for (int option; (option = getopt(argc, argv, "ws")) > 0;) {
        wall |= option == 'w';
        swap |= option == 's';
    }
    if (swap) {
        swap_pages();
        printf("bench done\n");
        return 0;
    }
    if (!wall)
        report("boot", at_start);
    memory_in_use();
    memset(block, 'x', sizeof block);
    null_fd = open("/dev/null", O_RDWR);
    measure("null_call", 10000, null_call);
    measure("write_null", 10000, write_null);
    pipe_read();
    pipe_round_trip();
    yield_two();
    pipe_bandwidth();
    measure("fork_wait", 100, fork_exit);
    measure("fork_exec_wait", 100, fork_exec);
    fork_big();
    page_fault();
    make_tree();
    measure("create_unlink", 200, create_unlink);
    measure("open_close", 2000, open_close);
    measure_kib("write_kib", write_file);
    measure_kib("read_kib", read_file);
    signal(SIGUSR1, take_signal);
    measure("signal", 2000, signal_self);
    measure("mmap_cached", 2000, map_cached);
    remove_tree();
    bench_poll();               /* last: its many descriptors make every fork dearer */
    printf("bench done\n");
    return 0;
}
