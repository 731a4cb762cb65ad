// Policies on a queue that no hart serves: threads that never run take their turns in a model of time.
#include <abi/sched.h>
#include <debug/ktest.h>
#include <lib/string.h>
#include <sched/policies.h>
#include <sched/sched.h>

#define CROWD 6

static struct run_queue queue;
static struct thread crowd[CROWD], nobody;
static uint64_t ran[CROWD];             // ticks
static unsigned size;

static void arrive(unsigned index, int nice) {
    struct thread *thread = &crowd[index];
    memset(thread, 0, sizeof *thread);
    list_init(&thread->run_node);
    thread->affinity = AFFINITY_ALL;
    thread->nice = nice;
    ran[index] = 0;
    run_queue_put(&queue, thread, READY_NEW);
}

// Begins a test: `count` threads, each nicer by `step` than the one before.
static void begin(const struct sched_policy *policy, unsigned count, int first, int step) {
    run_queue_init(&queue, policy);
    queue.running = &nobody;
    queue.now = queue.charged_at = 1000 * sched_quantum;
    spin_lock(&queue.lock);
    for (size = 0; size < count; size++)
        arrive(size, first + (int)size * step);
}

static void end(void) { spin_unlock(&queue.lock); }

// The next one, which runs for `ticks` or, with 0, until its quantum ends.
static struct thread *run_next(uint64_t ticks) {
    struct thread *thread = run_queue_next(&queue);
    queue.running = thread;
    uint64_t most = queue.policy->quantum ? queue.policy->quantum(&queue, thread) : sched_quantum;
    uint64_t now = queue.now + (ticks ? ticks : most);
    ran[thread - crowd] += now - queue.now;
    if (queue.policy->tick)
        run_queue_tick(&queue, thread, now);
    queue.now = queue.charged_at = now;
    return thread;
}

static void run_quanta(unsigned count) {
    while (count--)
        run_queue_put(&queue, run_next(0), READY_PREEMPTED);
}

static void sleep_for(struct thread *thread, uint64_t ticks) {
    run_queue_leave(&queue, thread);
    queue.now += ticks;
    queue.charged_at = queue.now;
    run_queue_put(&queue, thread, READY_WOKEN);
}

// --- what holds for all ---

KTEST(policies_lose_nobody) {
    for (unsigned i = 0; sched_policy_at(i); i++) {
        begin(sched_policy_at(i), CROWD, 0, 0);
        run_quanta(100 * CROWD);
        for (unsigned j = 0; j < CROWD; j++)
            ktest_check(ran[j] > 0);
        // Taken from the middle, each is gone, and the others are not.
        for (unsigned j = 0; j < CROWD; j++) {
            run_queue_take(&queue, &crowd[(j * 5 + 2) % CROWD]);
            ktest_check(queue.length == CROWD - 1 - j);
            for (unsigned k = 0; k < 3 && queue.length; k++)
                ktest_check(!list_empty(&queue.policy->pick(&queue)->run_node));
        }
        ktest_check(!run_queue_next(&queue));
        end();
    }
}

KTEST(policies_take_over_from_each_other) {
    begin(&policy_round_robin, CROWD, 0, 0);
    for (unsigned i = 0; i < 36; i++) {
        struct thread *running = run_next(0);
        run_queue_set_policy(&queue, sched_policy_at(i * 5 % 6), i + 1);
        run_queue_put(&queue, running, READY_PREEMPTED);
        memset(ran, 0, sizeof ran);
        run_quanta(100 * CROWD);
        for (unsigned j = 0; j < CROWD; j++)
            ktest_check(ran[j] > 0);
    }
    ktest_check(queue.length == CROWD);
    end();
}

KTEST(policies_give_away_who_may_go) {
    for (unsigned i = 0; sched_policy_at(i); i++) {
        begin(sched_policy_at(i), 3, 0, 0);
        for (unsigned j = 0; j < 3; j++)
            run_queue_take(&queue, &crowd[j]);
        crowd[0].affinity = 1, crowd[1].affinity = 2, crowd[2].on_cpu = true;
        for (unsigned j = 0; j < 3; j++)
            run_queue_put(&queue, &crowd[j], READY_CHANGED);
        ktest_check(run_queue_give(&queue, 1) == &crowd[1]);
        ktest_check(!run_queue_give(&queue, 1) && queue.length == 2 && queue.bound == 1);
        end();
    }
}

// --- one by one ---

KTEST(round_robin_takes_turns) {
    begin(&policy_round_robin, CROWD, -3, 1);
    for (unsigned i = 0; i < 3 * CROWD; i++) {
        struct thread *thread = run_next(sched_quantum);
        ktest_check(thread == &crowd[i % CROWD]);
        run_queue_put(&queue, thread, READY_PREEMPTED);
    }
    end();
}

// One that always stops just before the end of its quantum goes down like the one that does not.
KTEST(mlfq_demotes_and_cannot_be_gamed) {
    begin(&policy_mlfq, 1, 0, 0);
    unsigned naps = 0;
    while (queue.policy->quantum(&queue, &crowd[0]) <= sched_quantum && naps++ < 5)
        sleep_for(run_next(sched_quantum * 9 / 10), 1);
    ktest_check(naps == 2);
    // Below a newcomer, for good; who has just come goes first.
    arrive(1, 0);
    ktest_check(queue.policy->preempts(&queue, &crowd[1], &crowd[0]));
    ktest_check(run_next(0) == &crowd[1]);
    run_queue_put(&queue, &crowd[1], READY_PREEMPTED);
    end();
}

// A hog at the bottom runs again after a boost, although threads of the top level never cease.
KTEST(mlfq_boosts) {
    begin(&policy_mlfq, 2, 0, 0);
    run_quanta(8);
    ktest_check(queue.policy->quantum(&queue, &crowd[0]) > 4 * sched_quantum);
    uint64_t before = ran[0] + ran[1];
    arrive(2, 0);
    arrive(3, 0);
    for (unsigned i = 0; i < 2000; i++)
        sleep_for(run_next(sched_quantum / 10), 1);
    ktest_check(ran[0] + ran[1] - before >= 2 * (sched_quantum / 10));
    end();
}

// Of 20000 draws a share of p has a standard deviation of sqrt(20000 p (1-p)) <= 71.
KTEST(lottery_shares) {
    begin(&policy_lottery, 3, -3, 3);
    run_quanta(20000);
    uint64_t tickets = 0;
    for (unsigned i = 0; i < 3; i++)
        tickets += nice_weight(crowd[i].nice);
    for (unsigned i = 0; i < 3; i++) {
        int64_t due = 20000 * nice_weight(crowd[i].nice) / tickets;
        int64_t error = (int64_t)(ran[i] / sched_quantum) - due;
        ktest_check(error > -4 * 71 && error < 4 * 71);
    }
    end();
}

// At any moment, no two differ by more than a quantum of the one that gets less.
static void check_shares(void) {
    for (unsigned i = 0; i < size; i++)
        for (unsigned j = 0; j < i; j++) {
            uint64_t mine = nice_weight(crowd[i].nice), its = nice_weight(crowd[j].nice);
            int64_t error = (int64_t)(ran[i] * its) - (int64_t)(ran[j] * mine);
            int64_t most = (int64_t)(sched_quantum * (mine > its ? mine : its));
            ktest_check(error <= most + most / 50 && -error <= most + most / 50);
        }
}

KTEST(stride_shares_within_a_quantum) {
    begin(&policy_stride, 4, -4, 3);
    for (unsigned i = 0; i < 2000; i++) {
        run_quanta(1);
        check_shares();
    }
    end();
}

KTEST(fair_shares_by_weight) {
    begin(&policy_fair, 4, -4, 3);
    run_quanta(20);
    memset(ran, 0, sizeof ran);
    run_quanta(4000);
    for (unsigned i = 1; i < 4; i++) {
        uint64_t ratio = ran[i - 1] * 100 / ran[i];
        ktest_check(ratio > 185 && ratio < 205);        // 1.25^3 = 1.95
    }
    end();
}

// Who has slept for long goes first, but has not saved up more than half a quantum.
KTEST(fair_sleepers_save_up_nothing) {
    begin(&policy_fair, 2, 0, 0);
    run_quanta(10);
    struct thread *sleeper = run_next(sched_quantum);
    run_queue_leave(&queue, sleeper);
    run_quanta(1000);
    run_queue_put(&queue, sleeper, READY_WOKEN);
    struct thread *other = &crowd[sleeper == &crowd[0]];
    ktest_check(queue.policy->preempts(&queue, sleeper, other));
    memset(ran, 0, sizeof ran);
    run_quanta(20);
    ktest_check(ran[sleeper - crowd] >= ran[other - crowd]);
    ktest_check(ran[sleeper - crowd] <= ran[other - crowd] + 2 * sched_quantum);
    end();
}

KTEST(priority_is_strict_and_lent) {
    begin(&policy_priority, 3, 0, 5);
    crowd[2].lent[LENDER_LOCK] = 0;
    run_quanta(10);
    ktest_check(ran[0] == 10 * sched_quantum);
    run_queue_change_begin(&queue, &crowd[2]);
    crowd[2].lent[LENDER_LOCK] = 100;
    run_queue_change_end(&queue, &crowd[2]);
    ktest_check(queue.policy->preempts(&queue, &crowd[2], &crowd[0]));
    run_quanta(10);
    ktest_check(ran[2] == 10 * sched_quantum && thread_priority(&crowd[2]) == 100);
    end();
}

// SCHED_FIFO keeps its turn when its quantum ends, SCHED_RR does not.
KTEST(priority_equals) {
    begin(&policy_priority, 3, 0, 0);
    for (unsigned i = 0; i < 2; i++) {
        run_queue_take(&queue, &crowd[i]);
        crowd[i].scheduling = i ? SCHED_RR : SCHED_FIFO;
        crowd[i].real_time = 7;
        run_queue_put(&queue, &crowd[i], READY_CHANGED);
    }
    run_quanta(5);
    ktest_check(ran[0] == 5 * sched_quantum);
    run_queue_take(&queue, &crowd[0]);
    crowd[0].scheduling = SCHED_RR;
    run_queue_put(&queue, &crowd[0], READY_CHANGED);
    run_quanta(10);
    ktest_check(ran[0] == 10 * sched_quantum && ran[1] == 5 * sched_quantum && !ran[2]);
    end();
}
