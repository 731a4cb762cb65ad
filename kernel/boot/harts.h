#ifndef BOOT_HARTS_H
#define BOOT_HARTS_H

#include <stdint.h>

// Which index the boot hart (by id) has; NULL or one sentence that says what is wrong.
const char *harts_number(uint64_t boot_hart_id, uint32_t *index);

// Makes the calling context the boot hart's idle thread-to-be and prepares its queues.
void harts_init_boot(uint32_t index);

// Starts the other harts through SBI HSM and waits for each. Those that do not come are named.
void harts_start(void);

// Opens this hart's interrupts.
void hart_interrupts_enable(void);

#endif
