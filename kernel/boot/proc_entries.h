#ifndef BOOT_PROC_ENTRIES_H
#define BOOT_PROC_ENTRIES_H

void proc_entries_register(void);       // after the file systems are there

#endif
