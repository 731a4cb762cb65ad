/*
 * pagemap PID: the three-level page table of a process as a tree of runs of pages that are alike, the
 * kernel's half too, and whether what must hold for all of them does.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cmd.h"
#include "common/reader.h"

#define KERNEL_HALF 0xffffffc000000000ul

struct run {
    uint64_t start, end, pages;
    unsigned level;
    char flags[16], state[32];
};

static unsigned user_in_kernel, writable_code, supervisor_in_user;

static bool run_parse(const char *line, struct run *run) {
    run->state[0] = '\0';
    return sscanf(line, "%lx-%lx %u %lu %15s %31[^\n]", &run->start,
                  &run->end, &run->level, &run->pages, run->flags, run->state) >= 5;
}

static void run_judge(const struct run *run) {
    bool kernel = run->start >= KERNEL_HALF, valid = strchr(run->flags, 'v');
    if (kernel && strchr(run->flags, 'u'))
        user_in_kernel++;
    if (!kernel && valid && strchr(run->flags, 'r') && !strchr(run->flags, 'u'))
        supervisor_in_user++;
    if (kernel && strchr(run->flags, 'w') && strchr(run->flags, 'x'))
        writable_code++;
}

static const char *level_name(unsigned level) {
    static const char *const names[] = { "4K", "2M", "1G" };
    return level < 3 ? names[level] : "?";
}

/* The index into the table of a level (Sv39: 9 bits each above the 12 of the offset). */
static unsigned vpn(uint64_t address, unsigned level) { return address >> (12 + 9 * level) & 511; }

/* A branch of the tree is printed once, where it begins. */
static void branch_print(const struct run *run) {
    static char last[3][16];
    bool fresh = false;
    for (unsigned level = 3; level-- > 0;) {
        char text[16] = "";
        unsigned from = vpn(run->start, level), to = vpn(run->end - 1, level);
        if (level >= run->level)
            snprintf(text, sizeof(text), from == to ? "%u" : "%u-%u", from, to);
        fresh |= strcmp(text, last[level]) != 0;
        printf("%-8s", fresh ? text : "");
        strcpy(last[level], text);
    }
}

static void run_print(const struct run *run, unsigned alike) {
    branch_print(run);
    printf("%016lx %5lu x %s  %s %s%s", run->start, run->pages, level_name(run->level), run->flags,
           strchr(run->flags, 'v') ? strchr(run->flags, 'u') ? "U " : "S " : "  ", run->state);
    if (alike)
        printf("  (and %u more like it, with gaps)", alike);
    putchar('\n');
}

/* Kernel stacks are many, each with its guard: they take one line. */
static bool runs_alike(const struct run *a, const struct run *b) {
    return a->start >= KERNEL_HALF && b->start >= KERNEL_HALF && a->pages == b->pages &&
           a->level == b->level && strcmp(a->flags, b->flags) == 0 && b->start > a->end;
}

/* The kernel makes its list in pieces, which cut runs. */
static bool run_continues(const struct run *a, const struct run *b) {
    return a->pages && a->end == b->start && a->level == b->level &&
           strcmp(a->flags, b->flags) == 0 && strcmp(a->state, b->state) == 0;
}

static void table_print(struct reader *r) {
    struct run first = { .pages = 0 }, last = first, run;
    struct line line;
    unsigned alike = 0;
    while (reader_line(r, '\n', &line)) {
        if (!run_parse(line.text, &run))
            continue;
        run_judge(&run);
        if (run_continues(&last, &run) && !alike) {
            first.end = last.end = run.end;
            first.pages = last.pages = first.pages + run.pages;
            continue;
        }
        if (last.pages && runs_alike(&last, &run)) {
            alike++;
            last = run;
            continue;
        }
        if (first.pages)
            run_print(&first, alike);
        if (run.start >= KERNEL_HALF && first.start < KERNEL_HALF)
            puts("--- the kernel's half, the same in every process ---");
        first = last = run;
        alike = 0;
    }
    if (first.pages)
        run_print(&first, alike);
}

int main(int argc, char **argv) {
    char path[64], *paths[] = { path, NULL };
    cmd_begin(argv, 1);
    if (argc != 2)
        cmd_usage("PID");
    snprintf(path, sizeof(path), "/proc/%s/pagetable", argv[1]);
    if (access(path, R_OK) < 0)
        cmd_die_errno("process %s", argv[1]);
    puts("VPN[2]  VPN[1]  VPN[0]  address            pages    flags    for, state");
    reader_each(paths, table_print);
    puts("flags: g global, u user, x execute, w write, r read, v valid; U user, S supervisor only");
    if (user_in_kernel || writable_code || supervisor_in_user)
        cmd_warn("WRONG: %u kernel runs for users, %u writable and executable", user_in_kernel,
                 writable_code);
    else
        puts("No kernel page is for users, and none is both writable and executable.");
    return cmd_end(cmd_status);
}
