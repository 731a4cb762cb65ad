/*
 * /proc/frames and /proc/swap_pages: that the picture of physical memory is whole and true, and who may
 * see it. With a swap disk also what is on that.
 */
#include "common/check.h"
#include "common/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096ul

static int *shared;             /* what processes tell each other */

static void *map(size_t pages) {
    return mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* --- whose is a frame --- */

/* The number behind `word` in the walk of an address of this process, as the page table has it, or 0. */
static unsigned long walk_number(const void *address, const char *word, int base) {
    char text[1024], *at;
    int fd = open("/proc/self/walk", O_RDWR);
    int length = snprintf(text, sizeof(text), "%lx", (unsigned long)address);
    ssize_t size = write(fd, text, length) == length ? read(fd, text, sizeof(text) - 1) : 0;

    close(fd);
    text[size > 0 ? size : 0] = '\0';
    at = strstr(text, word);
    return at ? strtoul(at + strlen(word), NULL, base) : 0;
}

static unsigned long frame_of(const void *address) {
    return walk_number(address, "physical ", 16) & -PAGE;
}

struct run {
    unsigned long start, frames, places;
    char kind[16], owners[128];
};

static bool run_parse(const char *line, struct run *run) {
    char direction = '+';
    *run = (struct run){ .start = 0 };
    return sscanf(line, "%lx %lu %15s %lu %c %127[^\n]", &run->start, &run->frames, run->kind,
                  &run->places, &direction, run->owners) >= 3;
}

/* The run that a frame is in, by the list of all. */
static bool run_find(unsigned long frame, struct run *run) {
    char line[256];
    bool found = false;
    FILE *f = fopen("/proc/frames", "r");

    while (f && !found && fgets(line, sizeof(line), f))
        found = run_parse(line, run) && frame - run->start < run->frames * PAGE;
    if (f)
        fclose(f);
    return found;
}

/* Is `frame` in the list as a run of its own that is shown in `count` places, of which this is one? */
static bool shown(unsigned long frame, unsigned long count, pid_t pid, const void *address) {
    struct run run;
    char owner[64];

    snprintf(owner, sizeof(owner), "%d:%lx", (int)pid, (unsigned long)address);
    return run_find(frame, &run) && strcmp(run.kind, "anon") == 0 && run.places == count &&
           run.start == frame && strstr(run.owners, owner) != NULL;
}

/* shared[0]: what is to be done next; [1]: what has been; [2], [3]: the child's frame. */
static int write_and_wait(void *page) {
    while (shared[0] < 1)
        usleep(1000);
    *(volatile char *)page = 2;
    *(unsigned long *)&shared[2] = frame_of(page);
    shared[1] = 1;
    while (shared[0] < 2)
        usleep(1000);
    return 0;
}

static void test_fork_and_write(void) {
    char *pages = map(3), *page = pages + PAGE;
    *page = 1;
    unsigned long frame = frame_of(page);

    CHECK("a page of this process", frame && shown(frame, 1, getpid(), page));
    memset(shared, 0, PAGE);
    pid_t child = child_start(write_and_wait, page);
    CHECK("after a fork it has two owners",
          shown(frame, 2, getpid(), page) && shown(frame, 2, child, page));
    shared[0] = 1;
    while (!shared[1])
        usleep(1000);
    unsigned long copy = *(unsigned long *)&shared[2];
    CHECK("after a write there are two frames", copy && copy != frame);
    CHECK("with an owner each", shown(frame, 1, getpid(), page) && shown(copy, 1, child, page));
    shared[0] = 2;
    child_wait(child);
    struct run run;
    CHECK("the child's frame is another's now",
          run_find(copy, &run) && !(strcmp(run.kind, "anon") == 0 && shown(copy, 1, child, page)));
    munmap(pages, 3 * PAGE);
}

static void test_area(void) {
    char *pages = map(64), line[256];
    unsigned long here = (unsigned long)pages, count = 0;
    struct run run;

    for (int i = 0; i < 64; i++)
        pages[i * PAGE] = 1;
    FILE *f = fopen("/proc/frames", "r");
    while (f && fgets(line, sizeof(line), f)) {
        int pid;
        unsigned long va;
        if (run_parse(line, &run) && sscanf(run.owners, "%d:%lx", &pid, &va) == 2 &&
            pid == getpid() && va - here < 64 * PAGE)
            count += run.frames;
    }
    fclose(f);
    CHECK("every page of an area is in the list", count == 64);
    munmap(pages, 64 * PAGE);
}

/* --- the whole --- */

static void test_whole(void) {
    char line[256];
    unsigned long next = 0, total = 0, free_frames = 0, gaps = 0, strange = 0, table = 0;
    unsigned long lines = 0;
    struct run run;
    struct sysinfo info;
    FILE *f = fopen("/proc/frames", "r");

    while (f && fgets(line, sizeof(line), f)) {
        strange += !run_parse(line, &run) || !run.frames;
        gaps += next && run.start != next;
        next = run.start + run.frames * PAGE;
        total += run.frames;
        lines++;
        free_frames += strcmp(run.kind, "free") == 0 ? run.frames : 0;
        table += strcmp(run.kind, "table") == 0 ? run.frames : 0;
    }
    fclose(f);
    sysinfo(&info);
    CHECK("every line is a run", !strange && total);
    CHECK("which follow each other", !gaps);
    CHECK("and are few", lines * 4 < total);
    CHECK("all of memory is there", total * PAGE >= info.totalram);
    CHECK("free is what is free", labs((long)(free_frames - info.freeram / PAGE)) < 16);
    CHECK("page tables are named", table > 4);
}

/* --- who may see --- */

static bool listed(const char *path, const char *what) {
    char line[256];
    bool found = false;
    FILE *f = fopen(path, "r");

    while (f && fgets(line, sizeof(line), f))
        found |= strstr(line, what) != NULL;
    if (f)
        fclose(f);
    return found;
}

/* `page` is this process's and its parent's, who is root. */
static int see_others(void *page) {
    struct run run;
    char *own = map(3), mine[64], parent[64];
    unsigned long both = frame_of(page);

    snprintf(mine, sizeof(mine), " %d:%lx", (int)getpid(), (unsigned long)(own + PAGE));
    snprintf(parent, sizeof(parent), " %d:", (int)getppid());
    if (setuid(1000) != 0)
        return 1;
    own[PAGE] = 1;
    if (!run_find(both, &run) || run.places != 2 || !strchr(run.owners, '-'))
        return 2;
    if (listed("/proc/frames", parent) || listed("/proc/frames", " 1:"))
        return 3;
    return listed("/proc/frames", mine) ? 0 : 4;
}

static void test_permission(void) {
    char *page = map(1);

    *page = 1;
    int status = child_run(see_others, page);
    CHECK("a user sees the places of own pages alone", exited_with(status, 0));
    munmap(page, PAGE);
}

/* --- on the swap disk --- */

/* How many pages of this process the list has, and the slot of the one at `address`, if it is there. */
static unsigned long swapped_pages(unsigned long *slot_of, const char *address) {
    char line[128];
    unsigned long slot, pages, va, count = 0;
    int pid;
    FILE *f = fopen("/proc/swap_pages", "r");

    while (f && fgets(line, sizeof(line), f)) {
        if (sscanf(line, "%lu %lu %d:%lx", &slot, &pages, &pid, &va) != 4 || pid != getpid())
            continue;
        count += pages;
        if ((unsigned long)address - va < pages * PAGE)
            *slot_of = slot + ((unsigned long)address - va) / PAGE;
    }
    if (f)
        fclose(f);
    return count;
}

/* More pages than may be in memory, touched in an order that scatters them over slots; NULL: not so. */
static char *pages_overflow(void) {
    struct rlimit limit = { 64 * PAGE, 64 * PAGE };
    char *pages = map(600);

    if (setrlimit(RLIMIT_RSS, &limit) != 0)
        return NULL;
    for (int i = 0; i < 600; i++)
        pages[i * 7 % 600 * PAGE] = i * 7 % 600;
    return pages;
}

static int overflow(void *unused) {
    char *pages = pages_overflow();
    unsigned long slot = 0;

    (void)unused;
    if (!pages)
        return 1;
    if (swapped_pages(&slot, pages) < 400 || !slot)
        return 2;
    for (int i = 0; i < 600; i++) {
        slot = 0;
        swapped_pages(&slot, pages + i * PAGE);
        if (slot != walk_number(pages + i * PAGE, "slot ", 10))
            return 3;
    }
    for (int i = 0; i < 600; i++)
        if (pages[i * PAGE] != (char)i)
            return 4;
    slot = 0;
    swapped_pages(&slot, pages + 599 * PAGE);
    if (slot)
        return 5;
    return setuid(1000) == 0 && swapped_pages(&slot, pages) > 400 ? 0 : 6;
}

static void test_swap(void) {
    struct sysinfo info;

    sysinfo(&info);
    if (!info.totalswap)
        return;
    CHECK("pages on the swap disk are listed", exited_with(child_run(overflow, NULL), 0));
}

/* frames [hold]: only has pages on the swap disk, until it is killed. */
int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "hold") == 0) {
        printf(pages_overflow() ? "holding\n" : "cannot hold\n");
        fflush(stdout);
        pause();
    }
    shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_fork_and_write();
    test_area();
    test_whole();
    test_permission();
    test_swap();
    return check_done();
}
