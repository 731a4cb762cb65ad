#ifndef BOOT_PROC_ENTRIES_H
#define BOOT_PROC_ENTRIES_H

#include <mm/text.h>

void proc_entries_register(void);       // after the file systems are there

// proc_machine.c; all return 0 and may sleep.
int show_cpuinfo(struct text *text);
int show_interrupts(struct text *text);
int show_version(struct text *text);
int show_filesystems(struct text *text);

#endif
