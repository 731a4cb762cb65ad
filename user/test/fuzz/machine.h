/*
 * What of the machine is in use: processes, memory, the kernel's objects, mounts, the disk.
 */
#ifndef FUZZ_MACHINE_H
#define FUZZ_MACHINE_H

#include <stdbool.h>
#include <sys/types.h>

#define ROWS 40

struct machine {
    struct row {
        char name[24];
        long used, slack;
    } rows[ROWS];
    unsigned count;
};

/* Looks once things are at rest: what the dead held comes back a little after them. */
void machine_read(struct machine *machine);

/* Is anything in use now that was not before, beyond its slack? Shows what. */
bool machine_grew(const struct machine *before, const struct machine *after);

/* The pids of all processes, at most `room`: how many. */
unsigned machine_pids(pid_t *pids, unsigned room);

/* Shows what the process is and waits for. */
void machine_show_process(pid_t pid);

#endif
