#include <riscv/sbi.h>
#include <riscv/csr.h>
#include <sched/timer_hardware.h>

void (*timer_hardware_set)(uint64_t deadline) = timer_hardware_sbi;

void timer_hardware_sbi(uint64_t deadline) { sbi_set_timer(deadline); }

// stimecmp, by number: assemblers of Debian 12 do not know the name (Sstc extension 1.0.0).
void timer_hardware_sstc(uint64_t deadline) { csr_write(0x14d, deadline); }
