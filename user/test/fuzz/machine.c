/*
 * What of the machine is in use. See machine.h.
 *
 * A leak grows with each round, and all rounds are compared with the beginning; so the slack need not be
 * small, but has to cover what the kernel rightly keeps.
 */
#include "machine.h"

#include "../common/proc_text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <unistd.h>

static void row_add(struct machine *machine, const char *name, long used, long slack) {
    struct row *row = &machine->rows[machine->count];

    if (machine->count++ >= ROWS)
        exit(1);
    snprintf(row->name, sizeof(row->name), "%s", name);
    row->used = used;
    row->slack = slack;
}

#define STACK_KIB    16
#define THREAD_CLASS 1024 /* what its struct takes of the heap: this size, or in a debug build a larger one */

/* The number behind a name in the file that was read last. */
static long number_after(const char *name) {
    const char *at = strstr(text, name);

    return at ? atol(at + strlen(name)) : 0;
}

/*
 * In KiB. The pages of this program and the shell may have been on the swap disk, or had to be copied.
 * The kernel keeps page tables and stacks for as many threads as there ever were at once: how many is
 * what this returns. Slabs that are in part used stay, up to one page for each object in a class of
 * large ones.
 */
static long memory_read(struct machine *machine) {
    slurp("/proc/meminfo");
    row_add(machine, "anonymous KiB", number_after("AnonPages:"), 512);
    row_add(machine, "shared memory KiB", number_after("Shmem:"), 16);
    row_add(machine, "pipes KiB", number_after("Pipes:"), 0);
    row_add(machine, "kernel KiB", number_after("Kernel:"), 64);
    row_add(machine, "swap KiB", number_after("SwapTotal:") - number_after("SwapFree:"), 1024);
    return number_after("KernelStack:") / STACK_KIB;
}

/*
 * Objects of each size: names, inodes and pages that are cached come and go. Each stack is kept with its
 * thread's struct (kernel/mm/stack.c), so those are left out.
 */
static void heap_read(struct machine *machine, long threads) {
    char name[24], *rest;

    slurp("/proc/heapinfo");
    strtok_r(text, "\n", &rest);
    for (char *line = strtok_r(NULL, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        long size, used;
        if (sscanf(line, "%ld %ld", &size, &used) == 2) {
            bool has_threads = threads && size >= THREAD_CLASS && used >= threads;
            snprintf(name, sizeof(name), "objects of %ld", size);
            row_add(machine, name, used - (has_threads ? threads : 0), 48);
            threads = has_threads ? 0 : threads;
        } else if (strncmp(line, "larger", 6) == 0) {
            row_add(machine, "larger objects KiB", atol(line + 6), 32);
        }
    }
}

static void disk_read(struct machine *machine) {
    struct statfs disk;

    sync();
    if (statfs("/tmp", &disk) == 0) {
        row_add(machine, "disk blocks", (long)(disk.f_blocks - disk.f_bfree), 0);
        row_add(machine, "inodes", (long)(disk.f_files - disk.f_ffree), 0);
    }
}

void machine_read(struct machine *machine) {
    struct sysinfo info;
    long mounts = 0;

    machine->count = 0;
    usleep(300000);
    sysinfo(&info);
    row_add(machine, "processes", info.procs, 0);
    slurp("/proc/mounts");
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        mounts++;
    row_add(machine, "mounts", mounts, 0);
    heap_read(machine, memory_read(machine));
    disk_read(machine);
}

bool machine_grew(const struct machine *before, const struct machine *after) {
    bool grew = false;

    for (unsigned i = 0; i < after->count; i++) {
        const struct row *old = &before->rows[i], *new = &after->rows[i];
        if (new->used - old->used <= new->slack)
            continue;
        printf("leak: %s: %ld at the beginning, now %ld\n", new->name, old->used, new->used);
        grew = true;
    }
    if (grew)
        system("cat /proc/meminfo /proc/heapinfo"); /* DEBUG_HEAP=1: whose the objects are */
    return grew;
}

/* One's own is among them, or the list was cut off because memory was short. */
static unsigned pids_try(pid_t *pids, unsigned room, bool *whole) {
    DIR *proc = opendir("/proc");
    unsigned count = 0;
    struct dirent *entry;

    *whole = false;
    while (proc && count < room && (entry = readdir(proc)))
        if (atoi(entry->d_name) > 0) {
            pids[count] = atoi(entry->d_name);
            *whole |= pids[count++] == getpid();
        }
    if (proc)
        closedir(proc);
    return count;
}

unsigned machine_pids(pid_t *pids, unsigned room) {
    unsigned count;
    bool whole;

    while (count = pids_try(pids, room, &whole), !whole)
        usleep(10000);
    return count;
}

void machine_show_process(pid_t pid) {
    if (!stat_read(of(pid, "stat")))
        return;
    printf("process %d (%s): state %s, parent %s, threads %s", (int)pid, field[2], field[STATE],
           field[PPID], field[THREADS]);
    slurp(of(pid, "wchan"));
    printf(", waits for %s\n", text);
}
