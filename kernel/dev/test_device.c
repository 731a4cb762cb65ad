#include <debug/panic.h>
#include <dev/test_device.h>
#include <dev/uart.h>
#include <riscv/csr.h>
#include <riscv/sbi.h>
#include <sched/clock.h>
#include <stddef.h>

// What the register takes; a status goes into the upper half.
enum { FINISHER_FAIL = 0x3333, FINISHER_PASS = 0x5555, FINISHER_RESET = 0x7777 };

static volatile uint32_t *finisher;

void test_device_init(volatile void *base) { finisher = base; }

static void machine_end(uint32_t command, enum sbi_reset fallback) __attribute__((noreturn));

static void machine_end(uint32_t command, enum sbi_reset fallback) {
    (void)irq_disable();
    if (!panicking)             // a panic writes polled, and another hart may hold the lock
        uart_flush();
    if (finisher) {
        io_fence();
        *finisher = command;
        io_fence();
        // It takes a moment, and the firmware's end would replace the status by its own.
        uint64_t patience = time_read() + ns_to_ticks(2 * NS_PER_SECOND);
        while (time_read() < patience)
            hart_relax();
    }
    sbi_system_reset(fallback);
    for (;;)
        hart_wait();
}

void machine_exit(int status) {
    status &= 0xff;
    machine_end(status ? (uint32_t)status << 16 | FINISHER_FAIL : FINISHER_PASS, SBI_SHUTDOWN);
}

void machine_reboot(void) { machine_end(FINISHER_RESET, SBI_COLD_REBOOT); }
