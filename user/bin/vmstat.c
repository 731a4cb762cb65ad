/*
 * vmstat [SECONDS [COUNT]]: what memory management and the harts do. The first row is the average since
 * boot, each other one that of the interval before it. Columns as on Linux (r: who is ready or runs, b:
 * who waits for a disk; in, cs: interrupts and switches a second; us, sy, id: percent of the harts' time);
 * also the pages of programs' own (anon) and page faults, without and with a disk.
 */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/slurp.h"

#define HEADING_ROWS 20

enum { READY, BLOCKED, SWAPPED, FREE, BUFFERS, CACHE, ANON, AMOUNTS };
enum { SWAP_IN, SWAP_OUT, BLOCKS_IN, BLOCKS_OUT, FAULTS, MAJOR, INTERRUPTS, SWITCHES, EVENTS };
enum { USER, SYSTEM, IDLE, TIMES };

struct state {
    long long amounts[AMOUNTS];     /* threads; KiB */
    long long events[EVENTS];       /* since boot */
    long long times[TIMES];         /* ticks since boot */
};

/* The first line: user, nice, system and idle time of all harts together. */
static void times_read(const char *stat, long long times[TIMES]) {
    long long nice = 0;
    sscanf(stat, "cpu %lld %lld %lld %lld", &times[USER], &nice, &times[SYSTEM], &times[IDLE]);
    times[USER] += nice;
}

static struct state state_now(void) {
    struct state now;
    char *memory = file_slurp_require("/proc/meminfo"), *counts = file_slurp_require("/proc/vmstat");
    char *stat = file_slurp_require("/proc/stat");
    now.amounts[SWAPPED] = text_number(memory, "SwapTotal") - text_number(memory, "SwapFree");
    now.amounts[FREE] = text_number(memory, "MemFree");
    now.amounts[BUFFERS] = text_number(memory, "Buffers");
    now.amounts[CACHE] = text_number(memory, "Cached");
    now.amounts[ANON] = text_number(memory, "AnonPages");
    now.events[SWAP_IN] = text_number(counts, "pswpin") * 4;        /* pages of 4 KiB */
    now.events[SWAP_OUT] = text_number(counts, "pswpout") * 4;
    now.events[BLOCKS_IN] = text_number(counts, "pgpgin");
    now.events[BLOCKS_OUT] = text_number(counts, "pgpgout");
    now.events[MAJOR] = text_number(counts, "pgmajfault");
    now.events[FAULTS] = text_number(counts, "pgfault") - now.events[MAJOR];
    now.amounts[READY] = text_number(stat, "procs_running");
    now.amounts[BLOCKED] = text_number(stat, "procs_blocked");
    now.events[INTERRUPTS] = text_number(stat, "intr");
    now.events[SWITCHES] = text_number(stat, "ctxt");
    times_read(stat, now.times);
    free(memory);
    free(counts);
    free(stat);
    return now;
}

static void heading_print(void) {
    puts("-procs- -----------------memory----------------- ----swap--- -----io---- ---faults---"
         " ---system--- ----cpu----");
    printf("%3s%4s%8s%8s%8s%8s%8s %6s%6s%6s%6s%7s%6s %6s%6s %4s%4s%4s\n", "r", "b", "swpd", "free",
           "buff", "cache", "anon", "si", "so", "bi", "bo", "minor", "major", "in", "cs", "us", "sy",
           "id");
}

static void times_print(const struct state *now, const struct state *last) {
    long long all = 0;
    for (int i = 0; i < TIMES; i++)
        all += now->times[i] - last->times[i];
    putchar(' ');
    for (int i = 0; i < TIMES; i++)
        printf("%4lld", all ? ((now->times[i] - last->times[i]) * 100 + all / 2) / all : 0);
}

static void row_print(const struct state *now, const struct state *last, long seconds) {
    static const int widths[AMOUNTS + EVENTS] = { 3, 4, 8, 8, 8, 8, 8, 7, 6, 6, 6, 7, 6, 7, 6 };
    for (int i = 0; i < AMOUNTS; i++)
        printf("%*lld", widths[i], now->amounts[i]);
    for (int i = 0; i < EVENTS; i++)
        printf("%*lld", widths[AMOUNTS + i], (now->events[i] - last->events[i]) / seconds);
    times_print(now, last);
    putchar('\n');
    fflush(stdout);
}

int main(int argc, char **argv) {
    struct state last = { 0 };
    cmd_begin(argv, 1);
    long seconds = argc > 1 ? atol(argv[1]) : 0, count = argc > 2 ? atol(argv[2]) : -1;
    if (argc > 3 || (argc > 1 && seconds <= 0) || (argc > 2 && count <= 0))
        cmd_usage("[SECONDS [COUNT]]");
    char *uptime = file_slurp_require("/proc/uptime");
    long interval = atol(uptime);
    for (long row = 0; count < 0 || row < count; row++) {
        struct state now = state_now();
        if (row % HEADING_ROWS == 0)
            heading_print();
        row_print(&now, &last, interval > 0 ? interval : 1);
        if (!seconds || row + 1 == count)
            break;
        sleep((unsigned)seconds);
        interval = seconds;
        last = now;
    }
    return cmd_end(cmd_status);
}
