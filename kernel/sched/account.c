#include <riscv/csr.h>
#include <sched/account.h>
#include <sched/clock.h>
#include <sched/sched.h>

// --- times ---

void account_self(void) {
    struct thread *self = thread_current();
    preempt_disable();
    struct hart *hart = this_hart();
    spin_lock(&hart->queue.lock);
    account_split(hart, self, time_read());
    spin_unlock(&hart->queue.lock);
    preempt_enable();
}

struct thread_times thread_times(const struct thread *thread) {
    struct run_queue *queue = thread_lock_queue(thread);
    struct thread_times times = { thread->user_ticks, thread->system_ticks, 0 };
    if (thread->on_cpu)
        times.pending = time_read() - queue->charged_at;
    spin_unlock(&queue->lock);
    return times;
}

struct hart_times hart_times(struct hart *hart) {
    spin_lock(&hart->queue.lock);
    uint64_t now = time_read(), idle = hart->idle->system_ticks;
    uint64_t user = hart->user_ticks[0], nice = hart->user_ticks[1];
    struct hart_times times = { user, nice, 0, idle };
    times.system = hart->queue.charged_at - hart->started_at - user - nice - idle;
    if (hart->idle->on_cpu)
        times.idle += now - hart->queue.charged_at;
    spin_unlock(&hart->queue.lock);
    return times;
}

// --- load ---

#define PERIOD_NS (5 * NS_PER_SECOND)
#define ONE (1u << LOAD_BITS)

// exp(-5 s / 1, 5, 15 min)
static const uint64_t decay[3] = { 60296, 64453, 65173 };

static struct spinlock load_lock = SPINLOCK_INIT("load");
static uint64_t loads[3];
uint64_t load_due;
static uint32_t blocked;                // atomic

void account_blocked(int change) { __atomic_fetch_add(&blocked, change, __ATOMIC_RELAXED); }
uint32_t threads_blocked(void) { return __atomic_load_n(&blocked, __ATOMIC_RELAXED); }

uint32_t threads_active(void) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < hart_count; i++)
        if (harts[i].online)
            count += __atomic_load_n(&harts[i].queue.length, __ATOMIC_RELAXED) +
                     !__atomic_load_n(&harts[i].idle->on_cpu, __ATOMIC_RELAXED);
    return count;
}

static uint64_t power(uint64_t base, uint64_t exponent) {
    uint64_t result = ONE;
    for (; exponent; exponent >>= 1, base = base * base >> LOAD_BITS)
        if (exponent & 1)
            result = result * base >> LOAD_BITS;
    return result;
}

// Takes the samples that have become due. Nobody had anything to do while they were not taken, or a
// switch or a timer interrupt would have: so all but the last found what is found now, an idle hart's
// first switch away from idling being one of those.
void load_sample(uint64_t now) {
    uint64_t period = ns_to_ticks(PERIOD_NS);
    if (!spin_trylock(&load_lock))
        return;
    if (now >= load_due) {
        uint64_t periods = load_due ? (now - load_due) / period + 1 : 1;
        uint64_t active = (uint64_t)(threads_active() + threads_blocked()) << LOAD_BITS;
        for (unsigned i = 0; i < 3; i++) {
            uint64_t keep = power(decay[i], periods);
            loads[i] = (loads[i] * keep + active * (ONE - keep)) >> LOAD_BITS;
        }
        __atomic_store_n(&load_due, load_due ? load_due + periods * period : now + period,
                         __ATOMIC_RELAXED);
    }
    spin_unlock(&load_lock);
}

void load_averages(uint64_t out[3]) {
    spin_lock(&load_lock);
    for (unsigned i = 0; i < 3; i++)
        out[i] = loads[i];
    spin_unlock(&load_lock);
}

// --- the timer interrupt ---

void account_tick(struct hart *hart, bool from_user) {
    struct thread *self = thread_current();
    uint64_t now = time_read();
    spin_lock(&hart->queue.lock);
    uint64_t spent = now - hart->queue.charged_at;
    if (hart->queue.policy->tick)
        run_queue_tick(&hart->queue, self, now);
    hart->queue.charged_at = now;
    *(from_user ? &self->user_ticks : &self->system_ticks) += spent;
    hart->user_ticks[self->nice > 0] += from_user ? spent : 0;
    spin_unlock(&hart->queue.lock);
    load_look(now);
}
