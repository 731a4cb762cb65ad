#include <riscv/sbi.h>
#include <riscv/csr.h>
#include <sched/timer_hardware.h>

void (*timer_hardware_set)(uint64_t deadline) = timer_hardware_sbi;

void timer_hardware_sbi(uint64_t deadline) { sbi_set_timer(deadline); }

// stimecmp, by number: assemblers of Debian 12 do not know the name (Sstc extension 1.0.0).
// It cannot be switched off, so "never" masks the interrupt and puts the comparison in the past:
// a machine with a far deadline would count as one that has something to wait for, and an emulator
// that skips idle time (QEMU's -icount sleep=off) would skip to it.
void timer_hardware_sstc(uint64_t deadline) {
    if (deadline == DEADLINE_NEVER) {
        csr_clear(sie, SIE_STIE);
        csr_write(0x14d, 0);
    } else {
        csr_write(0x14d, deadline);
        csr_set(sie, SIE_STIE);
    }
}
