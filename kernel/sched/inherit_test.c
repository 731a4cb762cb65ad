// Who holds a mutex that somebody important waits for, perhaps through another mutex, is not kept from
// letting go by those in between.
#include <abi/errno.h>
#include <abi/sched.h>
#include <debug/ktest.h>
#include <riscv/csr.h>
#include <sched/clock.h>
#include <sched/mutex.h>
#include <sched/sched.h>
#include <sched/sched_test.h>

static struct mutex outer, inner;
static bool got_it, late;

// All on hart 0, each more important than the one before; it begins some milliseconds later.
static void begin_as(int real_time, uint64_t after_ms) {
    struct thread *self = thread_current();
    thread_set_scheduling(self, SCHED_FIFO, real_time, 0);
    thread_set_affinity(self, 1);
    thread_yield();
    ktest_check(self->current.hart == 0);
    int error = thread_sleep_until(time_read() + ns_to_ticks(after_ms * 1000000));
    ktest_check(!error);
}

static bool passed(uint64_t start, uint64_t ms) {
    return time_read() - start >= ns_to_ticks(ms * 1000000);
}

static void play(unsigned index) {
    uint64_t start = time_read();
    if (index == 0) {
        mutex_lock(&inner);
        begin_as(10, 5);
        while (!passed(start, 80))
            ;
        mutex_unlock(&inner);
    } else if (index == 1) {
        mutex_lock(&outer);
        begin_as(20, 10);
        mutex_lock(&inner);
        mutex_unlock(&inner);
        mutex_unlock(&outer);
    } else if (index == 2) {
        begin_as(30, 50);
        while (!passed(start, 400))
            ;
        late = !__atomic_load_n(&got_it, __ATOMIC_RELAXED);
    } else {
        begin_as(40, 30);
        mutex_lock(&outer);
        __atomic_store_n(&got_it, true, __ATOMIC_RELAXED);
        mutex_unlock(&outer);
    }
    ktest_check(!thread_current()->lent[LENDER_MUTEX]);
}

KTEST(mutex_lends_priority_along) {
    const char *before = sched_policy()->name;
    mutex_init(&outer, "test");
    mutex_init(&inner, "test");
    got_it = late = false;
    ktest_check(!sched_policy_choose("priority"));
    crowd_run(4, play);
    ktest_check(got_it && !late);
    ktest_check(!sched_policy_choose(before));
}
