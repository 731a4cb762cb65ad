// The end of the system.
#ifndef PROC_POWER_H
#define PROC_POWER_H

enum power { POWER_OFF, POWER_RESTART };

// Writes everything to the disk and ends the machine; `status` becomes QEMU's. May sleep.
void power_end(enum power what, int status) __attribute__((noreturn));

// The first process has ended with wait status `status`: powers off with its exit status.
void power_init_exited(int status) __attribute__((noreturn));

#endif
