/* The rows of memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>

#include "bench.h"

#define PAGE 4096

void bench_page_fault(void) {
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
void bench_swap(void) {
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
