// The end of the system.
#ifndef PROC_POWER_H
#define PROC_POWER_H

#include <stdbool.h>

enum power { POWER_OFF, POWER_RESTART };

// Ends all processes but the caller's, so that nobody writes any more, writes everything to the disk and
// ends the machine; `status` becomes QEMU's. May sleep.
void power_end(enum power what, int status) __attribute__((noreturn));

// The above has begun, and waits to hear of each process that ends. proc_tree_lock held.
extern bool power_ending;
void power_process_ended(void);

// The first process has ended with wait status `status`: powers off with its exit status.
void power_init_exited(int status) __attribute__((noreturn));

#endif
