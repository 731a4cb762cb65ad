/*
 * bench: what the kernel's basic operations cost.
 *
 * Prints a line for each row: `bench NAME VALUE UNIT`. The unit is instructions as the instret
 * counter shows them, which is exact under QEMU's -icount; with -w it is nanoseconds of the wall
 * clock. A row that was measured while N processes sleep, or yield, is called NAME/N. `make bench` runs it as the first process and lays the rows beside the budgets.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../common/slurp.h"
#include "bench.h"

static int wall;
int bench_crowd_size;

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

void report_in(const char *unit, const char *name, unsigned long value) {
    printf("bench %s", name);
    if (bench_crowd_size)
        printf("/%d", bench_crowd_size);
    printf(" %lu %s\n", value, unit);
    fflush(stdout);
}

void report(const char *name, unsigned long value) {
    report_in(wall ? "ns" : "instructions", name, value);
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

static void memory_in_use(void) {
    char *text = file_slurp_require("/proc/meminfo");
    printf("bench memory %lld KiB\n", text_number(text, "MemTotal") - text_number(text, "MemFree") -
                                          text_number(text, "Buffers") - text_number(text, "Cached"));
    free(text);
}

/* What every boot measures; the machine has 128 MiB. */
static void all_rows(void) {
    memory_in_use();
    bench_calls();
    bench_pipes();
    bench_yield();
    bench_fork(100);
    bench_fork_big();
    bench_page_fault();
    bench_files();
    bench_signal();
    bench_threads();
    bench_wake();
    bench_poll();               /* last: its many descriptors make every fork dearer */
}

/*
 * bench [-w] [-s | -c | -h]: -w in nanoseconds; -s the rows that need a swap disk and little memory, -c
 * those that must not depend on how many processes there are, which need much; -h those of several harts.
 */
int main(int argc, char **argv) {
    unsigned long at_start = now();
    bool swap = false, crowd = false, harts = false;
    for (int option; (option = getopt(argc, argv, "wsch")) > 0;) {
        wall |= option == 'w';
        swap |= option == 's';
        crowd |= option == 'c';
        harts |= option == 'h';
    }
    if (!wall && !crowd)
        report("boot", at_start);
    if (swap)
        bench_swap();
    else if (crowd)
        bench_crowd(), bench_switch();
    else if (harts)
        bench_harts();
    else
        all_rows();
    printf("bench done\n");
    return 0;
}
