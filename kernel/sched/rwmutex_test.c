// The lock for readers and writers: it excludes, and nobody starves.
#include <debug/ktest.h>
#include <riscv/csr.h>
#include <sched/clock.h>
#include <sched/rwmutex.h>
#include <sched/sched.h>
#include <sched/sched_test.h>
#include <sched/thread.h>

#define CROWD 8
#define ROUNDS 1000
#define TURNS 4
#define LIMIT_NS (TURNS * 250 * RWMUTEX_PATIENCE_NS)

static struct rwmutex rw;
static uint64_t left, right;            // a writer keeps them equal
static uint32_t inside;                 // readers; atomic

static void read_or_write(unsigned index) {
    for (unsigned i = 0; i < ROUNDS; i++) {
        if ((index + i) % 4) {
            rwmutex_read_lock(&rw);
            __atomic_fetch_add(&inside, 1, __ATOMIC_SEQ_CST);
            ktest_check(left == right);
            if (i % 32 == 0)
                thread_yield();
            ktest_check(left == right);
            __atomic_fetch_sub(&inside, 1, __ATOMIC_SEQ_CST);
            rwmutex_read_unlock(&rw);
        } else {
            rwmutex_write_lock(&rw);
            left++;
            if (i % 32 == 0)
                thread_yield();
            ktest_check(!__atomic_load_n(&inside, __ATOMIC_SEQ_CST));
            right++;
            rwmutex_write_unlock(&rw);
        }
    }
}

KTEST(rwmutex_excludes) {
    rwmutex_init(&rw, "test");
    left = right = inside = 0;
    crowd_run(CROWD, read_or_write);
    ktest_check(left == right && left == CROWD * ROUNDS / 4);
}

static unsigned turns_left;             // of the one whom the others might keep out; atomic

static uint32_t crowd_turns;            // of the others; atomic
static uint64_t test_ends;

static bool over(void) {
    return !__atomic_load_n(&turns_left, __ATOMIC_RELAXED) || time_read() >= test_ends;
}

static void crowd_turn(void) { __atomic_fetch_add(&crowd_turns, 1, __ATOMIC_RELAXED); }

// Does not look for another turn before the crowd is there.
static void turn_done(void) {
    uint32_t before = __atomic_load_n(&crowd_turns, __ATOMIC_RELAXED);
    turns_left--;
    while (!over() && __atomic_load_n(&crowd_turns, __ATOMIC_RELAXED) - before < CROWD)
        thread_yield();
}

// The first thread writes. Of the others one is always inside: each leaves when another has come, or
// when for long none could.
static void read_overlapping(unsigned index) {
    while (index && !over()) {
        rwmutex_read_lock(&rw);
        crowd_turn();
        __atomic_fetch_add(&inside, 1, __ATOMIC_SEQ_CST);
        uint64_t end = time_read() + ns_to_ticks(2 * RWMUTEX_PATIENCE_NS);
        while (__atomic_load_n(&inside, __ATOMIC_SEQ_CST) < 2 && !over() && time_read() < end)
            thread_yield();
        __atomic_fetch_sub(&inside, 1, __ATOMIC_SEQ_CST);
        rwmutex_read_unlock(&rw);
    }
    while (!over()) {
        rwmutex_write_lock(&rw);
        rwmutex_write_unlock(&rw);
        turn_done();
    }
}

// The first thread reads. The others take the lock again as soon as they have let it go, and give their
// hart away while they have it.
static void write_at_once(unsigned index) {
    while (index && !over()) {
        rwmutex_write_lock(&rw);
        crowd_turn();
        thread_yield();
        rwmutex_write_unlock(&rw);
    }
    while (!over()) {
        rwmutex_read_lock(&rw);
        rwmutex_read_unlock(&rw);
        turn_done();
    }
}

// Each turn costs the patience of one, and a little.
static void nobody_starves(void (*crowd)(unsigned index)) {
    inside = 0;
    turns_left = TURNS;
    test_ends = time_read() + ns_to_ticks(LIMIT_NS);
    rwmutex_init(&rw, "test");
    crowd_run(CROWD, crowd);
    ktest_check(turns_left == 0);
}

KTEST(rwmutex_writer_among_readers) { nobody_starves(read_overlapping); }
KTEST(rwmutex_reader_among_writers) { nobody_starves(write_at_once); }
