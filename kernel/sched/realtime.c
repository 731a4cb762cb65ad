// The world's clock, which may be set, and those who sleep until it shows a time.
#include <abi/errno.h>
#include <riscv/csr.h>
#include <sched/clock.h>
#include <sched/wait.h>

static uint64_t offset;                 // nanoseconds from the monotonic clock; atomic
static struct spinlock lock = SPINLOCK_INIT("realtime");
static struct wait_queue sleepers = WAIT_QUEUE_INIT(sleepers, "sleep");
static uint64_t times_set;

uint64_t clock_realtime_ns(void) {
    return clock_monotonic_ns() + __atomic_load_n(&offset, __ATOMIC_RELAXED);
}

void clock_realtime_set(uint64_t ns) {
    spin_lock(&lock);
    __atomic_store_n(&offset, ns - clock_monotonic_ns(), __ATOMIC_RELAXED);
    times_set++;
    wake_all(&sleepers);
    spin_unlock(&lock);
}

uint64_t clock_realtime_to_ticks(uint64_t ns) {
    uint64_t now = clock_realtime_ns();
    return time_read() + (ns > now ? ns_to_ticks(ns - now) : 0);
}

int clock_realtime_sleep(uint64_t ns, uint64_t *deadline) {
    int error;
    spin_lock(&lock);
    do {
        uint64_t seen = times_set;
        *deadline = clock_realtime_to_ticks(ns);
        error = wait_event_deadline(&sleepers, times_set != seen, &lock, WAIT_INTERRUPTIBLE, *deadline);
    } while (!error);
    spin_unlock(&lock);
    return error == -ETIMEDOUT ? 0 : error;
}
