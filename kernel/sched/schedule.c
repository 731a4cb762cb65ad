#include <riscv/csr.h>
#include <sched/account.h>
#include <sched/sched.h>
#include <sched/timer_hardware.h>

struct sched_memory sched_memory;
uint64_t sched_quantum = 100000;        // 10 ms at QEMU's 10 MHz; boot sets it from the tree

static uint32_t idle_harts;             // mask of harts in wfi with nothing to do; atomic

// Takes a thread from a hart that has some to spare. The caller holds its own queue's lock, so
// another queue's lock is only tried: two harts that rob each other must not wait in a ring.
static struct thread *steal(struct hart *thief) {
    for (uint32_t i = 1; i < hart_count; i++) {
        struct run_queue *victim = &harts[(thief->index + i) % hart_count].queue;
        if (!__atomic_load_n(&victim->length, __ATOMIC_RELAXED) || !spin_trylock(&victim->lock))
            continue;
        struct thread *thread = policy_steal(victim);
        if (thread)
            thread->hart = thief->index;
        spin_unlock(&victim->lock);
        if (thread)
            return thread;
    }
    return NULL;
}

static struct thread *pick_next(struct hart *hart) {
    struct thread *next = policy_pick(&hart->queue);
    if (!next && hart_count > 1)
        next = steal(hart);
    return next ? next : hart->idle;
}

// The floating-point file belongs to the thread that last used it on this hart. A dirty one
// is saved when its thread leaves; it is loaded again at the thread's next use (proc/fpu.c),
// unless nobody else has used the file in between.
static void fpu_leave(struct thread *thread) {
    struct trap_frame *frame = thread->frame;
    if (!frame || (frame->status & SSTATUS_FS) != SSTATUS_FS_DIRTY)
        return;
    csr_set(sstatus, SSTATUS_FS);
    fpu_save(&thread->fpu);
    csr_clear(sstatus, SSTATUS_FS);
    thread->fpu_used = true;
    frame->status = (frame->status & ~SSTATUS_FS) | SSTATUS_FS_CLEAN;
}

static void fpu_enter(struct hart *hart, struct thread *thread) {
    if (thread->frame && (hart->fpu_owner != thread || thread->fpu_hart != hart->index))
        thread->frame->status &= ~SSTATUS_FS;
}

static void switch_to(struct hart *hart, struct thread *previous, struct thread *next) {
    uint64_t now = time_read();
    account_split(hart, previous, now);
    load_look(now);
    hart->switches++;
    if (previous->cpu_timed)
        previous->signal_attention = true;
    fpu_leave(previous);
    fpu_enter(hart, next);
    next->on_cpu = true;
    next->current.hart = hart->index;
    next->current.emergency_stack = previous->current.emergency_stack;
    if (next != hart->idle) {
        hart->quantum_end = now + sched_quantum;
        timer_hardware_at_most(hart, hart->quantum_end);
    }
    if (next->space && next->space != hart->space)
        sched_memory.space_switch(hart, next->space);
    if (next->stack_generation > hart->stack_generation) {
        // Law 4: a stack mapped since this hart's last fence; a fault there could not be taken.
        tlb_flush_all();
        hart->stack_generation = next->stack_generation;
    }
    current_set(&next->current);
    struct thread *before = context_switch(&previous->context, &next->context, previous);
    // Here the old thread runs again, perhaps much later and on another hart.
    sched_finish_switch(before);
}

// Runs as the new thread, with the lock that the old one took.
void sched_finish_switch(struct thread *previous) {
    bool dead = previous->state == THREAD_ZOMBIE;
    // From here on another hart may run it: its context is complete.
    __atomic_store_n(&previous->on_cpu, false, __ATOMIC_RELEASE);
    struct spinlock *lock = &this_hart()->queue.lock;
    spin_inherit(lock);
    spin_unlock(lock);
    if (dead)
        sched_memory.thread_free(previous);
}

void schedule(void) {
    struct thread *self = thread_current();
    assert(!self->current.spin_depth);
    bool irq = irq_disable();
    struct hart *hart = this_hart();
    spin_lock(&hart->queue.lock);
    self->need_resched = false;
    bool preempted = self->state == THREAD_RUNNING;
    if (preempted && self != hart->idle) {
        self->state = THREAD_READY;
        policy_enqueue(&hart->queue, self);
    }
    struct thread *next = pick_next(hart);
    next->state = THREAD_RUNNING;
    if (next != self) {
        ++*(preempted ? &self->switches_involuntary : &self->switches_voluntary);
        switch_to(hart, self, next);
    } else {
        hart->quantum_end = time_read() + sched_quantum;
        spin_unlock(&hart->queue.lock);
    }
    irq_restore(irq);
}

// The hart for a thread that wakes: the one whose registers still hold it; else where it ran
// last if that hart idles; else any hart that idles; else where it ran last.
static uint32_t place(struct thread *thread) {
    uint32_t last = thread->hart;
    uint32_t idle = __atomic_load_n(&idle_harts, __ATOMIC_RELAXED);
    if (!idle || idle & 1u << last || __atomic_load_n(&thread->on_cpu, __ATOMIC_ACQUIRE))
        return last;
    return __builtin_ctz(idle);
}

static void make_ready(struct thread *thread) {
    struct hart *hart = &harts[place(thread)];
    spin_lock(&hart->queue.lock);
    thread->hart = hart->index;
    policy_enqueue(&hart->queue, thread);
    spin_unlock(&hart->queue.lock);
    // Pairs with the fence in idle_wait: either the idle hart sees the thread in the queue, or
    // its bit is seen here.
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    uint32_t idle = __atomic_load_n(&idle_harts, __ATOMIC_RELAXED);
    if (idle & 1u << hart->index)
        idle = 1u << hart->index;
    // A busy hart has one thread more than it can run: any idle one may come and take it.
    idle &= ~(1u << current()->hart);
    if (idle)
        harts_interrupt(1u << __builtin_ctz(idle));
}

bool thread_wake(struct thread *thread) {
    enum thread_state waiting = THREAD_WAITING;
    if (!__atomic_compare_exchange_n(&thread->state, &waiting, THREAD_READY, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return false;
    make_ready(thread);
    return true;
}

void thread_start(struct thread *thread) {
    assert(thread->state == THREAD_NEW);
    thread->state = THREAD_READY;
    preempt_disable();
    thread->hart = current()->hart;
    make_ready(thread);
    preempt_enable();
}

void thread_yield(void) { schedule(); }

static bool somebody_ready(void) {
    for (uint32_t i = 0; i < hart_count; i++)
        if (__atomic_load_n(&harts[i].queue.length, __ATOMIC_RELAXED))
            return true;
    return false;
}

// Waits for an interrupt, unless there is work already. Interrupts are off: wfi ends when one
// is pending, and it is taken when they come on.
static void idle_wait(struct hart *hart) {
    uint32_t bit = 1u << hart->index;
    timer_hardware_idle(hart);
    __atomic_fetch_or(&idle_harts, bit, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!somebody_ready())
        hart_wait();
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

void sched_timer_interrupt(bool from_user) {
    struct hart *hart = this_hart();
    struct thread *self = thread_current();
    bool idle = self == hart->idle;
    if (!idle)
        account_tick(hart, from_user);
    if (!idle && time_read() >= hart->quantum_end) {
        self->need_resched = true;
        self->signal_attention |= self->cpu_timed;
        hart->quantum_end = time_read() + sched_quantum;
    }
    timers_expire(idle ? DEADLINE_NEVER : hart->quantum_end);
}

void sched_init_hart(struct hart *hart, struct thread *idle) {
    spin_init(&hart->queue.lock, "run queue");
    list_init(&hart->queue.threads);
    timers_init_hart(hart);
    hart->idle = idle;
    hart->timer_set = DEADLINE_NEVER;
    idle->state = THREAD_RUNNING;
    idle->on_cpu = true;
    idle->hart = idle->current.hart = hart->index;
    idle->magic = THREAD_MAGIC;
    hart->started_at = hart->charged_at = time_read();
    hart->online = true;
}
