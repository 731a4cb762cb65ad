// What the balancing of harts promises, on queues that no hart serves: a model of time in which each
// "hart" ends its quanta, looks for a longer queue as sched_balance does, and goes on.
#include <debug/ktest.h>
#include <lib/string.h>
#include <sched/policies.h>
#include <sched/sched.h>

#define HARTS 4
#define CROWD 13
#define START (1000 * sched_quantum)

static struct run_queue queues[HARTS];
static uint64_t ends[HARTS];            // of the running one's quantum
static struct thread crowd[CROWD], idle;
static uint64_t ran[CROWD], longest_wait, longest_quantum;

static void run_next(struct run_queue *queue) {
    struct thread *next = run_queue_next(queue);
    uint64_t waited = queue->now - next->ready_since;
    longest_wait = waited > longest_wait ? waited : longest_wait;
    queue->running = next;
    uint64_t quantum = queue->policy->quantum ? queue->policy->quantum(queue, next) : sched_quantum;
    ends[queue - queues] = queue->now + quantum;
    longest_quantum = quantum > longest_quantum ? quantum : longest_quantum;
}

// As place.c does.
static void take_share(struct run_queue *queue) {
    uint32_t hart = queue - queues;
    uint64_t mine = run_queue_own_claim(queue), best = UINT64_MAX;
    struct run_queue *from = NULL;
    for (unsigned i = 0; i < HARTS; i++) {
        uint64_t claim = i == hart ? UINT64_MAX : run_queue_claim(&queues[i], hart);
        if (claim < best && (claim < mine || queues[i].length > queue->length))
            best = claim, from = &queues[i];
    }
    if (!from)
        return;
    from->now = queue->now;
    run_queue_put(queue, run_queue_give(from, hart), READY_MOVED);
}

// All arrive at the first hart; from there each of the others takes one, and ends its first quantum
// `phase` ticks after the one before.
static void begin(const struct sched_policy *policy, unsigned count, uint64_t phase) {
    memset(ran, 0, sizeof ran);
    for (unsigned i = 0; i < HARTS; i++) {
        run_queue_init(&queues[i], policy);
        queues[i].running = &idle;
        queues[i].now = queues[i].charged_at = START;
        spin_lock(&queues[i].lock);
    }
    for (unsigned i = 0; i < count; i++) {
        memset(&crowd[i], 0, sizeof crowd[i]);
        list_init(&crowd[i].run_node);
        crowd[i].affinity = AFFINITY_ALL;
        run_queue_put(&queues[0], &crowd[i], READY_NEW);
    }
    for (unsigned i = HARTS; i-- > 0;) {
        if (i)
            run_queue_put(&queues[i], run_queue_give(&queues[0], i), READY_MOVED);
        run_next(&queues[i]);
        ends[i] += i * phase;
    }
}

static void end_quantum(struct run_queue *queue) {
    struct thread *running = queue->running;
    uint64_t now = ends[queue - queues];
    ran[running - crowd] += now - queue->charged_at;
    if (queue->policy->tick)
        run_queue_tick(queue, running, now);
    queue->now = queue->charged_at = now;
    take_share(queue);
    run_queue_put_back(queue, running, READY_PREEMPTED);
    run_next(queue);
}

// Each thread gives up up to `jitter` ticks later than its quantum ends.
static void run(unsigned quanta, uint64_t jitter) {
    static uint64_t dice = 1;
    while (quanta--) {
        unsigned first = 0;
        for (unsigned i = 1; i < HARTS; i++)
            first = ends[i] < ends[first] ? i : first;
        end_quantum(&queues[first]);
        dice = dice * 6364136223846793005ul + 1442695040888963407ul;
        ends[first] += jitter ? (dice >> 33) % jitter : 0;
    }
}

static void end(void) {
    for (unsigned i = 0; i < HARTS; i++)
        spin_unlock(&queues[i].lock);
}

// README.md has the promise. In all each gets seven tenths of what is its due: as many as run wait.
static void check_turns(const struct sched_policy *policy, unsigned count, uint64_t phase,
                        uint64_t jitter) {
    begin(policy, count, phase);
    run(100, jitter);
    longest_wait = longest_quantum = 0;
    run(policy == &policy_lottery ? 2000 : 1000, jitter);
    uint64_t passed = queues[0].now - START, waiting = count - HARTS;
    for (unsigned i = 0; i < count; i++)
        ktest_check(ran[i] * count * 10 > passed * HARTS * (policy == &policy_lottery ? 5 : 7));
    if (policy != &policy_lottery)
        ktest_check(longest_wait <= 2 * (1 + (waiting + HARTS - 1) / HARTS) * (longest_quantum + jitter));
    end();
}

KTEST(balance_starves_nobody) {
    for (unsigned i = 0; sched_policy_at(i); i++)
        for (unsigned count = HARTS + 1; count <= CROWD; count++)
            for (unsigned k = 0; k < 12; k++)
                check_turns(sched_policy_at(i), count, k / 3 * sched_quantum / 11,
                            k % 3 * sched_quantum / 8);
}

// Each hart runs one that lets nobody else run. Two that are above these run both, though they are at one
// hart and no queue is longer.
KTEST(balance_goes_by_importance) {
    begin(&policy_priority, CROWD - 1, sched_quantum / 11);
    for (unsigned i = 0; i < HARTS; i++)
        queues[i].running->nice = -1;
    run(100, sched_quantum / 8);
    uint64_t start = queues[0].now;
    struct thread *one = queues[0].running, *other = queues[0].policy->pick(&queues[0]);
    one->nice = -2;
    run_queue_change_begin(&queues[0], other);
    other->nice = -2;
    run_queue_change_end(&queues[0], other);
    memset(ran, 0, sizeof ran);
    run(1000, sched_quantum / 8);
    ktest_check(ran[one - crowd] * 10 > (queues[0].now - start) * 9);
    ktest_check(ran[other - crowd] * 10 > (queues[0].now - start) * 9);
    end();
}
