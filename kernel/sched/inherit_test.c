// Who holds a lock that somebody important waits for, perhaps through another lock, is not kept from
// letting go by those in between.
#include <abi/errno.h>
#include <abi/sched.h>
#include <debug/ktest.h>
#include <riscv/csr.h>
#include <sched/clock.h>
#include <sched/inherit.h>
#include <sched/mutex.h>
#include <sched/rwmutex.h>
#include <sched/sched.h>
#include <sched/sched_test.h>

static struct mutex outer, inner;
static struct rwmutex rw;
static bool got_it, late, through_rw, chain;
static bool owner_falls, waiter_rises;
static struct thread *important;

static void inner_lock(bool write) {
    if (!through_rw)
        mutex_lock(&inner);
    else if (write)
        rwmutex_write_lock(&rw);
    else
        rwmutex_read_lock(&rw);
}

static void inner_unlock(bool write) {
    if (!through_rw)
        mutex_unlock(&inner);
    else if (write)
        rwmutex_write_unlock(&rw);
    else
        rwmutex_read_unlock(&rw);
}

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
        inner_lock(true);
        begin_as(owner_falls ? 45 : 10, chain ? 5 : 60);
        if (owner_falls)
            thread_set_scheduling(thread_current(), SCHED_FIFO, 10, 0);
        while (!passed(start, 80))
            ;
        inner_unlock(true);
    } else if (index == 1) {
        if (chain)
            mutex_lock(&outer);
        begin_as(20, 10);
        inner_lock(!chain);
        inner_unlock(!chain);
        if (chain)
            mutex_unlock(&outer);
    } else if (index == 2) {
        begin_as(30, 50);
        if (waiter_rises)
            thread_set_scheduling(important, SCHED_FIFO, 40, 0);
        while (!passed(start, 200))
            ;
        late = !__atomic_load_n(&got_it, __ATOMIC_RELAXED);
    } else {
        important = thread_current();
        begin_as(waiter_rises ? 15 : 40, 30);
        if (chain)
            mutex_lock(&outer);
        else
            inner_lock(false);
        __atomic_store_n(&got_it, true, __ATOMIC_RELAXED);
        if (chain)
            mutex_unlock(&outer);
        else
            inner_unlock(false);
    }
    ktest_check(!thread_current()->lent[LENDER_LOCK]);
}

// A chain: the most important waits for one who waits; or both wait in one line.
static void nobody_in_between(bool rwmutex, bool chained) {
    const char *before = sched_policy()->name;
    mutex_init(&outer, "test");
    mutex_init(&inner, "test");
    rwmutex_init(&rw, "test");
    through_rw = rwmutex;
    chain = chained;
    got_it = late = false;
    ktest_check(!sched_policy_choose("priority"));
    crowd_run(4, play);
    ktest_check(got_it && !late);
    ktest_check(!sched_policy_choose(before));
}

KTEST(mutex_lends_priority_along) { nobody_in_between(false, true); }
KTEST(mutex_goes_to_the_most_important) { nobody_in_between(false, false); }
KTEST(rwmutex_lends_a_writer_priority_along) { nobody_in_between(true, true); }
KTEST(rwmutex_goes_to_the_most_important) { nobody_in_between(true, false); }

KTEST(mutex_lends_to_an_owner_that_falls) {
    owner_falls = true;
    nobody_in_between(false, false);
    owner_falls = false;
}

KTEST(mutex_is_lent_by_a_waiter_that_rises) {
    waiter_rises = true;
    nobody_in_between(false, false);
    waiter_rises = false;
}

// --- a lock that changes hands before what its first owner was lent is taken back ---

static struct loan loan;
static struct thread *heir;

static void own(struct thread *thread) {
    __atomic_store_n(&loan.state, thread ? (uintptr_t)thread | LOAN_WAITED : 0, __ATOMIC_RELEASE);
}

static void hand_on(unsigned index) {
    struct thread *self = thread_current();
    if (index == 1) {
        __atomic_store_n(&heir, self, __ATOMIC_RELEASE);
        while (__atomic_load_n(&heir, __ATOMIC_ACQUIRE))
            thread_yield();
        ktest_check(self->lent[LENDER_LOCK] == PRIORITY_MOST);
        own(NULL);
        loan_take_back(&loan, 0);
    } else {
        while (!__atomic_load_n(&heir, __ATOMIC_ACQUIRE))
            thread_yield();
        own(self);
        loan_waited(&loan, PRIORITY_MOST);
        ktest_check(self->lent[LENDER_LOCK] == PRIORITY_MOST);
        own(heir);
        loan_take_back(&loan, PRIORITY_MOST);
        __atomic_store_n(&heir, NULL, __ATOMIC_RELEASE);
    }
    ktest_check(!self->lent[LENDER_LOCK]);
}

KTEST(next_owner_is_lent_what_those_who_wait_lend) { crowd_run(2, hand_on); }
