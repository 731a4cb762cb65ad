/* vmstat [SECONDS [COUNT]]: what memory management does: totals, then what happens in each interval. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"

static const struct column {
    const char *title, *file, *name;
    bool rate;                  /* shown as events in the interval */
} columns[] = {
    { "free", "/proc/meminfo", "MemFree:", false },
    { "cached", "/proc/meminfo", "Cached:", false },
    { "anon", "/proc/meminfo", "AnonPages:", false },
    { "swapfree", "/proc/meminfo", "SwapFree:", false },
    { "swapin", "/proc/vmstat", "pswpin", true },
    { "swapout", "/proc/vmstat", "pswpout", true },
    { "filein", "/proc/vmstat", "pgpgin", true },
    { "fileout", "/proc/vmstat", "pgpgout", true },
    { "faults", "/proc/vmstat", "pgfault", true },
    { "major", "/proc/vmstat", "pgmajfault", true },
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static long value_of(const char *file, const char *name) {
    char line[128];
    long value = -1;
    size_t length = strlen(name);
    FILE *f = fopen(file, "r");
    if (!f)
        cmd_die_errno("%s", file);
    while (value < 0 && fgets(line, sizeof(line), f))
        if (strncmp(line, name, length) == 0 && line[length] == ' ')
            value = atol(line + length);
    fclose(f);
    return value;
}

static void heading_print(void) {
    for (size_t i = 0; i < COLUMNS; i++)
        printf("%9s", columns[i].title);
    puts("\n     (KiB)    (KiB)    (KiB)    (KiB)  (pages)  (pages)  (pages)  (pages)");
}

static void row_print(long last[COLUMNS]) {
    for (size_t i = 0; i < COLUMNS; i++) {
        long now = value_of(columns[i].file, columns[i].name);
        printf("%9ld", columns[i].rate ? now - last[i] : now);
        last[i] = now;
    }
    putchar('\n');
    fflush(stdout);
}

int main(int argc, char **argv) {
    long last[COLUMNS] = { 0 };
    cmd_begin(argv, 1);
    long seconds = argc > 1 ? atol(argv[1]) : 0, count = argc > 2 ? atol(argv[2]) : -1;
    if (argc > 3 || (argc > 1 && seconds <= 0) || (argc > 2 && count <= 0))
        cmd_usage("[SECONDS [COUNT]]");
    heading_print();
    row_print(last);
    while (seconds && count != 1) {
        sleep((unsigned)seconds);
        row_print(last);
        count -= count > 0;
    }
    return cmd_end(cmd_status);
}
