#include <dev/rtc.h>
#include <riscv/csr.h>
#include <sched/clock.h>
#include <stddef.h>
#include <sync/spinlock.h>

// Reading the low word latches the high one; writing it sets both.
enum { TIME_LOW = 0, TIME_HIGH = 4 };

static struct spinlock lock = SPINLOCK_INIT("rtc");
static volatile uint8_t *registers;

static volatile uint32_t *register_at(unsigned offset) {
    return (volatile uint32_t *)(registers + offset);
}

void rtc_init(volatile void *base) {
    registers = base;
    uint64_t low = *register_at(TIME_LOW);
    io_fence();
    clock_realtime_set((uint64_t)*register_at(TIME_HIGH) << 32 | low);
}

void rtc_set(uint64_t ns) {
    if (!registers)
        return;
    spin_lock(&lock);
    *register_at(TIME_HIGH) = (uint32_t)(ns >> 32);
    io_fence();
    *register_at(TIME_LOW) = (uint32_t)ns;
    spin_unlock(&lock);
}
