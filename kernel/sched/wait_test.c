// Wait queues and sleeping locks under several threads; and timers.
#include <abi/errno.h>
#include <debug/ktest.h>
#include <riscv/csr.h>
#include <sched/clock.h>
#include <sched/mutex.h>
#include <sched/sched.h>
#include <sched/sched_test.h>
#include <sched/thread.h>

#define CROWD 8
#define ROUNDS 2000
#define MILLISECOND 1000000ul

static struct spinlock lock = SPINLOCK_INIT("wait test");
static struct wait_queue queue = WAIT_QUEUE_INIT(queue, "wait test");
static struct wait_queue finished = WAIT_QUEUE_INIT(finished, "crowd");
static unsigned still_running;
static void (*crowd_entry)(unsigned index);

static void crowd_main(void *index) {
    crowd_entry((unsigned)(uint64_t)index);
    spin_lock(&lock);
    if (!--still_running)
        wake_all(&finished);
    spin_unlock(&lock);
}

void crowd_run(unsigned count, void (*entry)(unsigned index)) {
    crowd_entry = entry;
    still_running = count;
    for (unsigned i = 0; i < count; i++) {
        struct thread *thread = thread_create("test", crowd_main, (void *)(uint64_t)i);
        if (!thread)
            panic("no memory for a test's thread");
        thread_start(thread);
    }
    spin_lock(&lock);
    wait_event(&finished, !still_running, &lock);
    spin_unlock(&lock);
}

static unsigned turn;

static void play(unsigned index) {
    for (unsigned i = 0; i < ROUNDS; i++) {
        spin_lock(&lock);
        wait_event(&queue, turn % 2 == index, &lock);
        turn++;
        wake_all(&queue);
        spin_unlock(&lock);
    }
}

KTEST(wait_ping_pong) {
    turn = 0;
    crowd_run(2, play);
    ktest_check(turn == 2 * ROUNDS);
}

static unsigned tokens, taken;

// Half of the threads put tokens in and wake one; half take them.
static void put_or_take(unsigned index) {
    for (unsigned i = 0; i < ROUNDS; i++) {
        spin_lock(&lock);
        if (index % 2) {
            tokens++;
            wake_one(&queue);
        } else {
            wait_event(&queue, tokens > 0, &lock);
            tokens--;
            taken++;
        }
        spin_unlock(&lock);
    }
}

KTEST(wait_wake_one_is_not_lost) {
    tokens = taken = 0;
    crowd_run(CROWD, put_or_take);
    ktest_check(tokens == 0 && taken == CROWD / 2 * ROUNDS);
}

KTEST(wait_deadline) {
    for (uint64_t ns = 0; ns < 3 * MILLISECOND; ns += 400000) {
        uint64_t deadline = time_read() + ns_to_ticks(ns);
        spin_lock(&lock);
        int error = wait_event_deadline(&queue, false, &lock, WAIT_UNINTERRUPTIBLE, deadline);
        ktest_check(error == -ETIMEDOUT && spin_holding(&lock) && time_read() >= deadline);
        error = wait_event_deadline(&queue, true, &lock, WAIT_UNINTERRUPTIBLE, 0);
        ktest_check(error == 0);
        spin_unlock(&lock);
    }
}

// A deadline that has passed, or passes on the way to sleep, ends the sleep all the same.
KTEST(wait_deadline_in_the_past) {
    ktest_check(thread_sleep_until(0) == 0);
    for (int i = 0; i < 300; i++)
        ktest_check(thread_sleep_until(time_read() + i) == 0);
}

static struct mutex mutex;
static uint64_t counter;

static void count_locked(unsigned index) {
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (index % 4 == 3) {
            while (!mutex_trylock(&mutex))
                thread_yield();
        } else {
            mutex_lock(&mutex);
        }
        ktest_check(mutex_holding(&mutex));
        uint64_t seen = *(volatile uint64_t *)&counter;
        if (i % 16 == 0)
            thread_yield();
        *(volatile uint64_t *)&counter = seen + 1;
        mutex_unlock(&mutex);
    }
}

KTEST(mutex_excludes) {
    mutex_init(&mutex, "test");
    counter = 0;
    crowd_run(CROWD, count_locked);
    ktest_check(counter == CROWD * ROUNDS);
    ktest_check(mutex_trylock(&mutex) && !mutex_trylock(&mutex));
    mutex_unlock(&mutex);
}

static void sleep_a_little(unsigned index) {
    for (unsigned i = 0; i < 20; i++) {
        uint64_t deadline = time_read() + ns_to_ticks((index * 37 + i * 11) % 50 * 20000);
        int error = thread_sleep_until(deadline);
        ktest_check(!error && time_read() >= deadline);
    }
}

KTEST(sleep_many) { crowd_run(4 * CROWD, sleep_a_little); }
