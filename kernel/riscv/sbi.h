// Calls to the firmware (RISC-V Supervisor Binary Interface 1.0). Errors are turned into
// negative errno.
#ifndef RISCV_SBI_H
#define RISCV_SBI_H

#include <debug/panic.h>
#include <stdint.h>

// One character to the firmware's console; the earliest output there is (legacy extension).
void sbi_putchar(char c);

// A timer interrupt on this hart when `time` reaches `deadline` (TIME extension).
void sbi_set_timer(uint64_t deadline);

// Software interrupts to the harts whose ids are set in `mask`, counted from hart id `base`
// (IPI extension).
void sbi_send_ipi(uint64_t mask, uint64_t base);

// Remote fences (RFENCE extension): return when all harts in the mask have done it.
void sbi_remote_fence_i(uint64_t mask, uint64_t base);
void sbi_remote_sfence(uint64_t mask, uint64_t base, uint64_t start, uint64_t size);

// Starts a stopped hart at a physical address with a1 = `argument` (HSM extension, 9.1).
int must_check sbi_hart_start(uint64_t hart_id, uint64_t start_phys, uint64_t argument);

// Powers off (or restarts). Returns only if the firmware cannot (SRST extension).
enum sbi_reset { SBI_SHUTDOWN = 0, SBI_COLD_REBOOT = 1 };
void sbi_system_reset(enum sbi_reset type);

#endif
