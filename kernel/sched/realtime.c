// The world's clock, which may be set, and those who sleep until it shows a time.
#include <riscv/csr.h>
#include <sched/clock.h>
#include <sched/sched.h>

static uint64_t offset;                 // nanoseconds from the monotonic clock; atomic
static struct spinlock lock = SPINLOCK_INIT("realtime");
static struct list sleepers = LIST_INIT(sleepers);

uint64_t clock_realtime_ns(void) {
    return clock_monotonic_ns() + __atomic_load_n(&offset, __ATOMIC_RELAXED);
}

// Whoever wakes without need finds out when its time comes now.
void clock_realtime_set(uint64_t ns) {
    struct thread *thread;
    spin_lock(&lock);
    __atomic_store_n(&offset, ns - clock_monotonic_ns(), __ATOMIC_RELAXED);
    list_for_each(thread, &sleepers, realtime_node)
        thread_wake(thread);
    spin_unlock(&lock);
}

uint64_t clock_realtime_to_ticks(uint64_t ns) {
    uint64_t now = clock_realtime_ns();
    return time_read() + (ns > now ? ns_to_ticks(ns - now) : 0);
}

uint64_t clock_realtime_join(struct thread *self, uint64_t ns) {
    spin_lock(&lock);
    list_push_back(&sleepers, &self->realtime_node);
    uint64_t ticks = clock_realtime_to_ticks(ns);
    spin_unlock(&lock);
    return ticks;
}

void clock_realtime_leave(struct thread *self) {
    spin_lock(&lock);
    list_remove(&self->realtime_node);
    spin_unlock(&lock);
}
