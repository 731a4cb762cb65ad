#ifndef BOOT_PROC_ENTRIES_H
#define BOOT_PROC_ENTRIES_H

#include <mm/text.h>
#include <stdint.h>

void proc_entries_register(void);       // after the file systems are there

// proc_machine.c; all return 0 and may sleep.
int show_cpuinfo(struct text *text);
int show_interrupts(struct text *text);
int show_disks(struct text *text);
int show_version(struct text *text);
int show_filesystems(struct text *text);

// proc_sched.c; likewise.
int show_sched(struct text *text);
int tell_sched(struct text *text, uint32_t pid, uint32_t tid, const char *line);
int show_sched_trace(struct text *text, uint32_t pid, uint32_t viewer, uint64_t *next);

#endif
