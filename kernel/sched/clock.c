#include <riscv/csr.h>
#include <sched/clock.h>

static uint64_t hz = 10000000;
static uint64_t boot_ticks;

void clock_init(uint64_t ticks_per_second) {
    hz = ticks_per_second;
    boot_ticks = time_read();
}

uint64_t ticks_to_ns(uint64_t ticks) {
    return ticks / hz * NS_PER_SECOND + ticks % hz * NS_PER_SECOND / hz;
}

uint64_t ns_to_ticks(uint64_t ns) {
    uint64_t seconds = ns / NS_PER_SECOND;
    if (seconds >= UINT64_MAX / hz / 4)
        return UINT64_MAX / 4;
    return seconds * hz + (ns % NS_PER_SECOND * hz + NS_PER_SECOND - 1) / NS_PER_SECOND;
}

uint64_t clock_ticks(uint64_t ticks) {
    return ticks_to_ns(ticks) / (NS_PER_SECOND / CLOCK_TICKS);
}

uint64_t clock_monotonic_at(uint64_t ticks) { return ticks_to_ns(ticks - boot_ticks); }
uint64_t clock_monotonic_ns(void) { return clock_monotonic_at(time_read()); }

uint64_t clock_monotonic_to_ticks(uint64_t ns) { return ns_to_ticks(ns) + boot_ticks; }
