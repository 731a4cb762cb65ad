// Which hart runs a thread that has become READY, and which thread a hart runs that has nothing to do.
#include <riscv/csr.h>
#include <sched/account.h>
#include <sched/sched.h>
#include <sched/timer_hardware.h>

static uint32_t idle_harts;             // mask of harts in wfi with nothing to do; atomic

struct run_queue *thread_lock_queue(const struct thread *thread) {
    for (;;) {
        uint32_t hart = __atomic_load_n(&thread->hart, __ATOMIC_RELAXED);
        struct run_queue *queue = &harts[hart].queue;
        spin_lock(&queue->lock);
        if (__atomic_load_n(&thread->hart, __ATOMIC_RELAXED) == hart)
            return queue;
        spin_unlock(&queue->lock);
    }
}

// --- a hart for a thread ---

static uint32_t queue_length(uint32_t hart) {
    return __atomic_load_n(&harts[hart].queue.length, __ATOMIC_RELAXED);
}

static uint32_t shortest_queue(uint32_t may) {
    uint32_t best = __builtin_ctz(may);
    for (uint32_t i = best + 1; i < hart_count; i++)
        if (may >> i & 1 && queue_length(i) < queue_length(best))
            best = i;
    return best;
}

// Takes an idle hart of `may` for oneself, so that two wake-ups do not count on one hart: `wanted`
// if that idles, else any; -1: none. Who takes one sends it an interrupt.
static int claim_idle(uint32_t may, uint32_t wanted) {
    uint32_t idle;
    while ((idle = __atomic_load_n(&idle_harts, __ATOMIC_RELAXED) & may)) {
        uint32_t bit = idle >> wanted & 1 ? 1u << wanted : idle & -idle;
        if (__atomic_fetch_and(&idle_harts, ~bit, __ATOMIC_SEQ_CST) & bit)
            return __builtin_ctz(bit);
    }
    return -1;
}

// The hart for a thread: the one whose registers still hold it; else this one, if an interrupt has just
// ended its idling; else where it ran last if that hart idles, or any that idles; else where it ran
// last. *claimed: it idles, and nobody else need come.
static uint32_t choose(const struct thread *thread, bool *claimed) {
    uint32_t last = thread->hart;
    if (__atomic_load_n(&thread->on_cpu, __ATOMIC_ACQUIRE))
        return last;
    uint32_t may = __atomic_load_n(&thread->affinity, __ATOMIC_RELAXED) & ((1u << hart_count) - 1);
    const struct hart *here = &harts[current()->hart];
    if (here->queue.running == here->idle && !queue_length(here->index) && may >> here->index & 1) {
        *claimed = true;
        return here->index;
    }
    int idle = claim_idle(may, last);
    *claimed = idle >= 0;
    return *claimed ? (uint32_t)idle : may >> last & 1 ? last : shortest_queue(may);
}

// Is it to run at once? Not in a cooperative kernel, and an idle thread makes room anyway.
static inline bool better_than_running(struct run_queue *queue, struct thread *thread) {
    struct thread *running = queue->running;
    return queue->policy->preempts && running != thread &&
           __atomic_load_n(&sched_preemption, __ATOMIC_RELAXED) &&
           running != hart_at(running->hart)->idle && queue->policy->preempts(queue, thread, running);
}

// Puts the thread on the queue, whose lock is held: true if the one that runs there has been asked to
// make room.
static inline bool insert(struct run_queue *queue, struct thread *thread, enum ready_why why) {
    queue->now = time_read();
    if (why == READY_WOKEN)
        run_queue_put_woken(queue, thread);
    else
        run_queue_put(queue, thread, why);
    if (__builtin_expect(queue->trace != NULL, false) && why != READY_MOVED)
        trace_write(queue, queue->now, thread_current(), thread,
                    why == READY_NEW ? TRACE_NEW : TRACE_WAKE);
    if (!better_than_running(queue, thread))
        return false;
    return queue->running->need_resched = true;
}

// The same with `hart`'s queue, if the thread may run there (its affinity may have changed since the hart
// was chosen): the harts that may run it, or 0 if it is on no queue.
static uint32_t try_insert(struct hart *hart, struct thread *thread, enum ready_why why, bool *better) {
    spin_lock(&hart->queue.lock);
    thread->moves += thread->hart != hart->index;
    __atomic_store_n(&thread->hart, hart->index, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);    // pairs with thread_set_affinity's
    uint32_t may = __atomic_load_n(&thread->affinity, __ATOMIC_SEQ_CST);
    if (may >> hart->index & 1 || thread->on_cpu)
        *better = insert(&hart->queue, thread, why);
    else
        may = 0;
    spin_unlock(&hart->queue.lock);
    return may;
}

static __attribute__((noinline)) void place_among_harts(struct thread *thread, enum ready_why why) {
    preempt_disable();
    bool claimed = false, better;
    uint32_t may, kick = 0, chosen = choose(thread, &claimed);
    while (!(may = try_insert(hart_at(chosen), thread, why, &better))) {
        kick |= (uint32_t)claimed << chosen;
        claimed = false;
        chosen = choose(thread, &claimed);
    }
    // The thread is not ours to look at any more. Pairs with the fence in idle_wait: either an idle
    // hart sees the thread in the queue, or its bit is seen here. A busy hart has one thread more than
    // it can run: any idle one may come.
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    int idle = claimed ? -1 : claim_idle(may, chosen);
    if (claimed || better)
        kick |= 1u << chosen;
    if (idle >= 0)
        kick |= 1u << idle;
    if (kick)
        harts_kick(kick);
    preempt_enable();
}

static inline __attribute__((always_inline)) void place(struct thread *thread, enum ready_why why) {
    if (__builtin_expect(hart_count > 1, false)) {
        place_among_harts(thread, why);
        return;
    }
    struct run_queue *queue = &hart_at(0)->queue;
    spin_lock_inline(&queue->lock);
    (void)insert(queue, thread, why);
    spin_unlock_inline(&queue->lock);
}

void sched_place(struct thread *thread, enum ready_why why) { place(thread, why); }

bool thread_wake(struct thread *thread) {
    enum thread_state waiting = THREAD_WAITING;
    if (!__atomic_compare_exchange_n(&thread->state, &waiting, THREAD_READY, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return false;
    place(thread, READY_WOKEN);
    return true;
}

void thread_start(struct thread *thread) {
    assert(thread->state == THREAD_NEW);
    thread->state = THREAD_READY;
    preempt_disable();
    thread->hart = current()->hart;
    sched_place(thread, READY_NEW);
    preempt_enable();
}

void thread_set_affinity(struct thread *thread, uint32_t mask) {
    struct run_queue *queue = thread_lock_queue(thread);
    __atomic_store_n(&thread->affinity, mask, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);        // pairs with try_insert's
    // One that is on its way to a queue may have passed the test with the old mask.
    while (&harts[__atomic_load_n(&thread->hart, __ATOMIC_SEQ_CST)].queue != queue) {
        spin_unlock(&queue->lock);
        queue = thread_lock_queue(thread);
    }
    bool misplaced = !(mask >> thread->hart & 1), queued = !list_empty(&thread->run_node);
    uint32_t kick = 0;
    if (queued) {
        run_queue_take(queue, thread);
        if (misplaced && !thread->on_cpu)
            run_queue_leave(queue, thread);
        else
            run_queue_put(queue, thread, READY_CHANGED);
    } else if (misplaced && queue->running == thread) {
        thread->need_resched = true;
        kick = 1u << thread->hart;
    }
    bool moves = queued && misplaced && !thread->on_cpu;
    spin_unlock(&queue->lock);
    if (moves) {
        sched_place(thread, READY_MOVED);
    } else if (queued) {
        // It waits here, and may now be what an idle hart looked for in vain.
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        int idle = claim_idle(mask, 0);
        kick |= idle >= 0 ? 1u << idle : 0;
    }
    harts_kick(kick);
}

// --- a thread for a hart ---

// The caller holds its own queue's lock, so another queue's lock is only tried: two harts that rob
// each other must not wait in a ring.
bool sched_steal(struct hart *thief) {
    for (uint32_t i = 1; i < hart_count; i++) {
        struct run_queue *victim = &harts[(thief->index + i) % hart_count].queue;
        if (!__atomic_load_n(&victim->length, __ATOMIC_RELAXED) || !spin_trylock(&victim->lock))
            continue;
        victim->now = time_read();
        struct thread *thread = run_queue_give(victim, thief->index);
        if (thread) {
            thread->hart = thief->index;
            thread->moves++;
            thief->stolen++;
            run_queue_put(&thief->queue, thread, READY_MOVED);
        }
        spin_unlock(&victim->lock);
        if (thread)
            return true;
    }
    return false;
}

static uint64_t claim_at(uint32_t from, const struct hart *hart) {
    struct run_queue *queue = &harts[from].queue;
    spin_lock(&queue->lock);
    uint64_t claim = from == hart->index ? run_queue_own_claim(queue)
                                         : run_queue_claim(queue, hart->index);
    spin_unlock(&queue->lock);
    return claim;
}

// Who is next elsewhere and has the best claim: a better one than those that wait here, or it is in a
// longer queue.
static struct thread *take_share(const struct hart *hart) {
    uint32_t own = queue_length(hart->index), from = hart->index;
    uint64_t mine = claim_at(hart->index, hart), best = UINT64_MAX;
    for (uint32_t i = 0; i < hart_count; i++) {
        uint64_t claim = i != hart->index && queue_length(i) ? claim_at(i, hart) : UINT64_MAX;
        if (claim < best && (claim < mine || queue_length(i) > own))
            best = claim, from = i;
    }
    if (from == hart->index)
        return NULL;
    struct run_queue *queue = &harts[from].queue;
    spin_lock(&queue->lock);
    queue->now = time_read();
    struct thread *thread = run_queue_give(queue, hart->index);
    spin_unlock(&queue->lock);
    return thread;
}

// Takes off a thread that waits although a hart idles that may run it; NULL: there is none. When that hart
// began to idle the thread ran, and who waited might run here alone; then these two changed places.
static struct thread *take_for_idle(struct run_queue *queue) {
    uint32_t idle = __atomic_load_n(&idle_harts, __ATOMIC_RELAXED);
    struct thread *thread = NULL;
    spin_lock(&queue->lock);
    queue->now = time_read();
    for (uint32_t i = 0; idle >> i && !thread; i++)
        if (idle >> i & 1)
            thread = run_queue_give(queue, i);
    spin_unlock(&queue->lock);
    return thread;
}

bool sched_balance(struct hart *hart) {
    struct thread *taken = take_share(hart), *given = taken ? NULL : take_for_idle(&hart->queue);
    bool better;
    if (given)
        sched_place(given, READY_MOVED);
    else if (taken && !try_insert(hart, taken, READY_MOVED, &better))
        sched_place(taken, READY_MOVED);
    return taken;
}

static bool work_for(const struct hart *hart) {
    for (uint32_t i = 0; i < hart_count; i++)
        if (run_queue_has_for(&harts[i].queue, hart->index))
            return true;
    return false;
}

// Waits for an interrupt, unless there is work already. Interrupts are off: wfi ends when one
// is pending, and it is taken when they come on.
static void idle_wait(struct hart *hart) {
    uint32_t bit = 1u << hart->index;
    timer_hardware_idle(hart);
    __atomic_fetch_or(&idle_harts, bit, __ATOMIC_SEQ_CST);
    __atomic_store_n(&hart->tlb_rest, TLB_AT_REST, __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!work_for(hart))
        hart_wait();
    if (__atomic_exchange_n(&hart->tlb_rest, TLB_IN_USE, __ATOMIC_ACQ_REL) == TLB_STALE)
        tlb_flush_all();
    __atomic_fetch_and(&idle_harts, ~bit, __ATOMIC_SEQ_CST);
}

void sched_idle(void) {
    for (;;) {
        irq_disable();
        idle_wait(this_hart());
        irq_enable();
        // A pending interrupt is taken between these two.
        irq_disable();
        schedule();
        irq_enable();
    }
}
