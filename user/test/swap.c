/*
 * Memory that does not fit: pages go to the swap disk and come back as they were. On a machine
 * without one there is nothing to test.
 */
#include "common/check.h"
#include "common/child.h"

#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096ul
#define WORDS (PAGE / sizeof(uint64_t))

static size_t all_pages, ram_pages;     /* of the machine, and what the sizes here go by */

static long swap_used(void) {
    struct sysinfo info;
    sysinfo(&info);
    return (long)((info.totalswap - info.freeswap) / PAGE);
}

/* Pages that differ from each other, from owner to owner and from round to round. */
static uint64_t pattern(uint64_t owner, size_t page, size_t word) {
    uint64_t x = (owner << 40) + page * WORDS + word + 1;
    x *= 0x9e3779b97f4a7c15ul;
    return x ^ x >> 29;
}

static void fill(uint64_t *at, size_t pages, uint64_t owner) {
    for (size_t p = 0; p < pages; p++)
        for (size_t w = 0; w < WORDS; w += 64)
            at[p * WORDS + w] = pattern(owner, p, w);
}

static bool holds(const uint64_t *at, size_t pages, uint64_t owner) {
    for (size_t p = 0; p < pages; p++)
        for (size_t w = 0; w < WORDS; w += 64)
            if (at[p * WORDS + w] != pattern(owner, p, w))
                return false;
    return true;
}

static uint64_t *map(size_t pages) {
    void *at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

struct load {
    size_t pages;
    uint64_t owner;
    int rounds;
};

/* Fills, looks, changes, looks again. */
static int work(void *argument) {
    const struct load *load = argument;
    uint64_t *at = map(load->pages);
    if (!at)
        return 2;
    for (int round = 0; round < load->rounds; round++) {
        fill(at, load->pages, load->owner * 100 + round);
        if (!holds(at, load->pages, load->owner * 100 + round))
            return 1;
    }
    return 0;
}

#define SLEEPERS 4
#define SLEEPER_PAGES 48

/* Its pages leave while it sleeps; the hart that it comes back to may know them where they were. */
static int sleeper(void *channel) {
    uint64_t *at = map(SLEEPER_PAGES);
    char token;
    fill(at, SLEEPER_PAGES, 40);
    if (!holds(at, SLEEPER_PAGES, 40) || read(*(int *)channel, &token, 1) != 1)
        return 1;
    return holds(at, SLEEPER_PAGES, 40) ? 0 : 2;
}

static void test_one(void) {
    struct load load = { 3 * ram_pages, 1, 1 };
    struct rusage usage;
    pid_t sleepers[SLEEPERS];
    int channel[2];
    if (pipe(channel))
        exit(1);
    for (int i = 0; i < SLEEPERS; i++)
        sleepers[i] = child_start(sleeper, channel);
    usleep(20000);
    CHECK("three times the RAM", exited_with(child_run(work, &load), 0));
    bool same = write(channel[1], "1234", SLEEPERS) == SLEEPERS;
    for (int i = 0; i < SLEEPERS; i++)
        same = exited_with(child_wait(sleepers[i]), 0) && same;
    CHECK("pages of those who sleep", same);
    getrusage(RUSAGE_CHILDREN, &usage);
    CHECK("what comes from a disk is a major fault",
          usage.ru_majflt > (long)ram_pages / 32 && usage.ru_minflt > 3 * (long)ram_pages);
}

static bool all_work(int count, size_t pages, int rounds) {
    struct load loads[16];
    pid_t pids[16];
    bool good = true;
    for (int i = 0; i < count; i++) {
        loads[i] = (struct load){ pages, i + 2, rounds };
        pids[i] = child_start(work, &loads[i]);
    }
    for (int i = 0; i < count; i++)
        good &= exited_with(child_wait(pids[i]), 0);
    return good;
}

static int read_and_write(void *argument) {
    uint64_t *at = argument;
    size_t pages = ram_pages;
    if (!holds(at, pages, 7))
        return 1;
    fill(at, pages / 2, 8);
    return holds(at, pages / 2, 8) && holds(at + pages / 2 * WORDS, 0, 7) ? 0 : 1;
}

/* Fork with pages on the disk; parent and children change them, each for itself. */
static int fork_tree(void *unused) {
    (void)unused;
    uint64_t *at = map(ram_pages);
    if (!at)
        return 2;
    fill(at, ram_pages, 7);
    pid_t first = child_start(read_and_write, at), second = child_start(read_and_write, at);
    bool same = holds(at, ram_pages, 7);
    bool good = exited_with(child_wait(first), 0) && exited_with(child_wait(second), 0);
    return same && good && holds(at, ram_pages, 7) ? 0 : 1;
}

/* Children that end in the middle give their slots back. */
static int end_early(void *unused) {
    (void)unused;
    uint64_t *at = map(2 * ram_pages);
    fill(at, 2 * ram_pages, 9);
    _exit(holds(at, ram_pages / 4, 9) ? 0 : 1);
}

/* mremap and madvise with pages that are not in memory. */
static int move_and_drop(void *unused) {
    (void)unused;
    size_t pages = ram_pages;
    uint64_t *at = map(pages);
    fill(at, pages, 5);
    uint64_t *hole = map(pages / 2);    /* keeps the first from growing where it is */
    fill(hole, pages / 2, 6);
    uint64_t *moved = mremap(at, pages * PAGE, 2 * pages * PAGE, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED || !holds(moved, pages, 5))
        return 1;
    madvise(moved, pages / 2 * PAGE, MADV_DONTNEED);
    for (size_t p = 0; p < pages / 2; p++)
        if (moved[p * WORDS])
            return 2;
    return holds(hole, pages / 2, 6) ? 0 : 3;
}

static int locked_stays(void *unused) {
    (void)unused;
    uint64_t *at = map(64), *rest = map(3 * ram_pages);
    fill(at, 64, 3);
    if (mlock(at, 64 * PAGE) != 0)
        return 2;
    fill(rest, 3 * ram_pages, 4);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    bool same = holds(at, 64, 3);
    getrusage(RUSAGE_SELF, &after);
    /* A few for the code and the stack, which may have left. */
    if (after.ru_minflt + after.ru_majflt > before.ru_minflt + before.ru_majflt + 16)
        return 3;
    return same && holds(rest, 3 * ram_pages, 4) ? 0 : 1;
}

/* paging on live pages, by one who may not switch policies. */
static int paging_as_user(void *unused) {
    (void)unused;
    if (setuid(1000))
        return 2;
    execl("/bin/paging", "paging", "-live", "-q", "1", "2", "3", "4", "1", NULL);
    return 3;
}

static int see_and_change(void *argument) {
    uint64_t *at = argument;
    if (!holds(at, ram_pages, 11))
        return 1;
    fill(at, ram_pages / 2, 12);
    return 0;
}

/* Out of two pages, when there is room in the pipe again. */
static int write_across(void *end) {
    char *at = (char *)map(2) + PAGE - 100;
    memset(at, 1, 200);
    return write(*(int *)end, at, 200) == 200 ? 0 : 1;
}

/* All pages of a writer leave while it waits; then it may have none, so they come one at a time. */
static bool write_without_memory(void) {
    struct rlimit none = { 0, RLIM_INFINITY }, all = { RLIM_INFINITY, RLIM_INFINITY };
    struct load load = { 3 * ram_pages, 1, 1 };
    int ends[2];
    char bytes[512];
    bool killed;
    size_t full = 0;
    if (pipe2(ends, O_NONBLOCK) != 0)
        return false;
    for (ssize_t n; (n = write(ends[1], bytes, sizeof(bytes))) > 0; full += n)
        continue;
    fcntl(ends[1], F_SETFL, 0);
    pid_t pid = child_start(write_across, &ends[1]);
    usleep(50000);
    bool good = exited_with(child_run(work, &load), 0);
    good &= prlimit(pid, RLIMIT_RSS, &none, NULL) == 0;
    for (ssize_t n; full && (n = read(ends[0], bytes, sizeof(bytes))) > 0; full -= n)
        continue;
    struct pollfd come = { ends[0], POLLIN, 0 };
    good &= poll(&come, 1, 20000) == 1 && read(ends[0], bytes, sizeof(bytes)) == 200;
    prlimit(pid, RLIMIT_RSS, &all, NULL);
    good &= exited_with(child_wait_limited(pid, 20000, &killed), 0);
    close(ends[0]);
    close(ends[1]);
    return good && full == 0;
}

/* How many of these pages /proc/swap_pages shows as this process's. */
static size_t listed(const void *at, size_t pages) {
    unsigned long slot, run, va, start = (unsigned long)at;
    char line[128];
    size_t count = 0;
    int pid;
    FILE *f = fopen("/proc/swap_pages", "r");
    while (f && fgets(line, sizeof(line), f))
        if (sscanf(line, "%lu %lu %d:%lx", &slot, &run, &pid, &va) == 4 && pid == getpid() &&
            va >= start && va < start + pages * PAGE)
            count += run;
    if (f)
        fclose(f);
    return count;
}

/* Memory that processes share has no file either: it goes to the swap disk and stays shared. */
static int share_much(void *unused) {
    (void)unused;
    uint64_t *at = mmap(NULL, 2 * ram_pages * PAGE, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return 2;
    fill(at, 2 * ram_pages, 11);
    if (2 * ram_pages >= all_pages && listed(at, 2 * ram_pages) < 64)
        return 6;
    if (!exited_with(child_run(see_and_change, at), 0))
        return 3;
    uint64_t *half = at + ram_pages / 2 * WORDS;
    for (size_t p = ram_pages / 2; p < 2 * ram_pages; p++)
        for (size_t w = 0; w < WORDS; w += 64)
            if (at[p * WORDS + w] != pattern(11, p, w))
                return 4;
    madvise(half, ram_pages * PAGE, MADV_DONTNEED);     /* shared: nothing is lost */
    return holds(at, ram_pages / 2, 12) && half[0] == pattern(11, ram_pages / 2, 0) ? 0 : 5;
}

/* The number after `name` in a file of /proc. */
static long number(const char *path, const char *name) {
    char line[128];
    long value = -1;
    FILE *f = fopen(path, "r");
    while (f && value < 0 && fgets(line, sizeof(line), f))
        if (strncmp(line, name, strlen(name)) == 0)
            value = atol(line + strlen(name));
    if (f)
        fclose(f);
    return value;
}

/* Reads a file of zeros twice, so that the cache has every reason to keep it. */
static void cache_fill(size_t pages) {
    static char page[PAGE];
    int fd = open("/tmp/swap-cached", O_RDWR | O_CREAT | O_TRUNC, 0600);
    ftruncate(fd, pages * PAGE);
    for (size_t i = 0; i < 2 * pages; i++)
        pread(fd, page, PAGE, i % pages * PAGE);
    close(fd);
}

/* Programs want as much as there is of clean pages of files: those go, and no page of a program. */
static int test_clean_first(void) {
    size_t own = all_pages / 8, cached = all_pages / 3;
    uint64_t *idle = map(own);
    fill(idle, own, 1);
    cache_fill(cached);
    long before = number("/proc/meminfo", "Cached:"), out = number("/proc/vmstat", "pswpout ");
    long free = number("/proc/meminfo", "MemFree:") * 1024 / PAGE;
    size_t wanted = free + cached * 3 / 4;
    fill(map(wanted), wanted, 2);
    long after = number("/proc/meminfo", "Cached:"), later = number("/proc/vmstat", "pswpout ");
    printf("cached %ld KiB before, %ld after; %ld pages swapped out\n", before, after, later - out);
    CHECK("the cache shrinks", before - after >= (long)(cached / 2 * (PAGE / 1024)));
    CHECK("nothing is swapped out", later == out);
    unlink("/tmp/swap-cached");
    return check_done();
}

/* swap [DIVISOR]: everything so much smaller, most of it by 2 at least. swap clean: who goes first. */
int main(int argc, char **argv) {
    struct sysinfo info;
    sysinfo(&info);
    all_pages = info.totalram / PAGE;
    if (argc > 1 && strcmp(argv[1], "clean") == 0)
        return test_clean_first();
    if (!info.totalswap) {
        printf("no swap: nothing to test\n");
        return check_done();
    }
    ram_pages = all_pages / (argc > 1 ? atoi(argv[1]) : 1);
    long before = swap_used();
    test_one();
    CHECK("two of them together", all_work(2, 3 * ram_pages, 1));
    /* What is more than memory with half of it is as good as more. */
    if (ram_pages > all_pages / 2)
        ram_pages = all_pages / 2;
    CHECK("many processes", all_work(6, ram_pages / 3, 2));
    CHECK("fork with pages on the disk", exited_with(child_run(fork_tree, NULL), 0));
    CHECK("an end in the middle", exited_with(child_run(end_early, NULL), 0));
    CHECK("moved and dropped", exited_with(child_run(move_and_drop, NULL), 0));
    CHECK("shared memory", exited_with(child_run(share_much, NULL), 0));
    CHECK("locked memory stays", exited_with(child_run(locked_stays, NULL), 0));
    CHECK("a write without memory", write_without_memory());
    CHECK("paging without root", exited_with(child_run(paging_as_user, NULL), 0));
    for (int i = 0; i < 100 && swap_used() > before + 256; i++)
        usleep(10000);
    printf("swap slots before %ld, after %ld\n", before, swap_used());
    CHECK("the slots come back", swap_used() <= before + 256);
    return check_done();
}
