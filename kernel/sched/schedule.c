#include <abi/errno.h>
#include <riscv/csr.h>
#include <sched/account.h>
#include <sched/clock.h>
#include <sched/sched.h>
#include <sched/timer_hardware.h>

struct sched_memory sched_memory;
uint64_t sched_quantum = 100000;        // 10 ms at QEMU's 10 MHz; boot sets it from the tree
bool sched_preemption = true;

int sched_quantum_ns_set(uint64_t ns) {
    if (ns < QUANTUM_LEAST_NS || ns > QUANTUM_MOST_NS)
        return -EINVAL;
    __atomic_store_n(&sched_quantum, ns_to_ticks(ns), __ATOMIC_RELAXED);
    return 0;
}

// The floating-point file belongs to the thread that last used it on this hart. A dirty one is saved when
// its thread leaves, and given back when it comes again: it will most likely go on computing, and a trap,
// which the firmware sees first, costs far more than the copy. If it does not change the file in that turn
// (FS is Initial then), it gets it at its next use only (proc/fpu.c). Nothing is copied if nobody else has
// used the file in between.
static __attribute__((noinline)) void fpu_leave(const struct hart *hart, struct thread *thread) {
    struct trap_frame *frame = thread->frame;
    if (thread->fpu_hart != hart->index || (frame->status & SSTATUS_FS) != SSTATUS_FS_DIRTY)
        return;
    csr_set(sstatus, SSTATUS_FS);
    fpu_save(&thread->fpu);
    csr_clear(sstatus, SSTATUS_FS);
    thread->fpu_used = true;
    frame->status = (frame->status & ~SSTATUS_FS) | SSTATUS_FS_CLEAN;
}

static void fpu_give_back(struct hart *hart, struct thread *thread) {
    bool lately = (thread->frame->status & SSTATUS_FS) == SSTATUS_FS_CLEAN;
    thread->frame->status &= ~SSTATUS_FS;
    if (!lately)
        return;
    csr_set(sstatus, SSTATUS_FS);
    fpu_load(&thread->fpu);
    csr_clear(sstatus, SSTATUS_FS);
    hart->fpu_owner = thread;
    thread->fpu_hart = hart->index;
    thread->frame->status |= SSTATUS_FS_INITIAL;
}

static __attribute__((noinline)) void fpu_enter(struct hart *hart, struct thread *thread) {
    if ((thread->frame->status & SSTATUS_FS) &&
        (hart->fpu_owner != thread || thread->fpu_hart != hart->index))
        fpu_give_back(hart, thread);
}

static void quantum_begin(struct hart *hart, struct thread *thread, uint64_t now) {
    const struct sched_policy *policy = hart->queue.policy;
    hart->quantum_end = now + (__builtin_expect(!policy->quantum, true)
                                   ? sched_quantum : policy->quantum(&hart->queue, thread));
    timer_hardware_at_most(hart, hart->quantum_end);
}

// The next one has waited until now.
static void account_wait(struct thread *next, uint64_t now) {
    uint64_t waited = now - next->ready_since;
    next->waited += waited;
    if (__builtin_expect(next->response == UINT64_MAX, false))
        next->response = waited;
}

// It is dead; or it was READY and on no queue, and nobody's but this hart's.
static __attribute__((noinline)) void see_off(struct thread *previous) {
    if (previous->state == THREAD_ZOMBIE) {
        sched_memory.thread_free(previous);
    } else {
        previous->departing = false;
        sched_place(previous, READY_MOVED);
    }
}

// Runs as the new thread, with the lock that the old one took.
static inline void finish_switch(struct thread *previous) {
    bool departing = previous->departing;
    // From here on another hart may run it: its context is complete.
    __atomic_store_n(&previous->on_cpu, false, __ATOMIC_RELEASE);
    spin_unlock_switching(&current()->hart_data->queue.lock);
    if (__builtin_expect(departing, false))
        see_off(previous);
}

void sched_finish_switch(struct thread *previous) { finish_switch(previous); }

static inline __attribute__((always_inline)) void switch_to(struct hart *hart, struct thread *previous,
                                                            struct thread *next, uint64_t now) {
    load_look(now);
    hart->switches++;
    if (previous->cpu_timed)
        previous->signal_attention = true;
    if (__builtin_expect(hart->fpu_owner == previous, false))
        fpu_leave(hart, previous);
    if (__builtin_expect(next->fpu_hart != FPU_NOWHERE, false))
        fpu_enter(hart, next);
    next->on_cpu = true;
    if (next->current.hart_data != hart) {
        next->current.hart_data = hart;
        next->current.hart = hart->index;
    }
    hart->queue.running = next;
    if (next != hart->idle) {
        account_wait(next, now);
        quantum_begin(hart, next, now);
    }
    if (next->space && next->space != hart->space)
        sched_memory.space_switch(hart, next->space);
    // Its stack may have been mapped since this hart last fenced (law 4).
    if (next->stack_generation > hart->stack_generation) {
        hart->stack_generation = next->stack_generation;
        tlb_flush_all();
    }
    _Static_assert(offsetof(struct thread, context) == CONTEXT_AT, "context_switch takes it for tp's place");
    struct thread *before = switch_context(&previous->context, &next->context, previous);
    // Running as `previous` again, perhaps much later and on another hart.
    finish_switch(before);
}

static inline bool may_stay(const struct hart *hart, const struct thread *self) {
    return __atomic_load_n(&self->affinity, __ATOMIC_RELAXED) >> hart->index & 1;
}

// It may not run here any more. Until its registers are out of this hart no other may have it.
static __attribute__((noinline)) void depart(struct run_queue *queue, struct thread *self) {
    if (!list_empty(&self->run_node))
        run_queue_take(queue, self);
    run_queue_leave(queue, self);
    self->ready_since = queue->now;
    self->departing = true;
}

// What becomes of the thread that gives up its hart, but could go on.
static inline void stand_back(struct hart *hart, struct thread *self, enum ready_why why) {
    self->state = THREAD_READY;
    if (__builtin_expect(may_stay(hart, self), true))
        run_queue_put_back(&hart->queue, self, why);
    else
        depart(&hart->queue, self);
}

// ... and of one that could not. One that is on the queue was woken on its way to sleep.
static inline void stand_down(struct hart *hart, struct thread *self) {
    if (__builtin_expect(list_empty(&self->run_node), true))
        run_queue_leave(&hart->queue, self);
    else if (!may_stay(hart, self))
        depart(&hart->queue, self);
}

static __attribute__((noinline)) void trace_switch(struct run_queue *queue, struct thread *self,
                                                   struct thread *next, bool runs, enum ready_why why) {
    enum trace_reason reason = runs && why == READY_YIELDED   ? TRACE_YIELD
                               : runs                         ? TRACE_PREEMPT
                               : self->state == THREAD_ZOMBIE ? TRACE_EXIT
                                                              : TRACE_BLOCK;
    if (self == hart_at(self->current.hart)->idle)
        reason = TRACE_IDLE;
    trace_write(queue, queue->now, self, next, reason);
}

static inline __attribute__((always_inline)) struct thread *pick_next(struct hart *hart) {
    struct thread *next = run_queue_next(&hart->queue);
    if (!next && hart_count > 1 && sched_steal(hart))
        next = run_queue_next(&hart->queue);
    return next ? next : hart->idle;
}

// Takes the queue's lock and charges the thread that runs: the time.
static inline uint64_t begin_switch(struct hart *hart, struct thread *self) {
    spin_lock_switching(&hart->queue.lock);
    uint64_t now = time_read();
    hart->queue.now = now;
    account_split(hart, self, now);
    self->need_resched = false;
    return now;
}

// Goes over to who is next, perhaps to `self` again, and releases the queue's lock. Could it go on?
static inline __attribute__((always_inline)) void go_over(struct hart *hart, struct thread *self,
                                                          uint64_t now, bool could, enum ready_why why) {
    struct thread *next = pick_next(hart);
    next->state = THREAD_RUNNING;
    if (__builtin_expect(next == self, false)) {
        if (self != hart->idle)
            quantum_begin(hart, self, now);
        spin_unlock_switching(&hart->queue.lock);
        return;
    }
    if (__builtin_expect(hart->queue.trace != NULL, false))
        trace_switch(&hart->queue, self, next, could, why);
    ++*(could ? &self->switches_involuntary : &self->switches_voluntary);
    switch_to(hart, self, next, now);
}

static __attribute__((noinline)) void give_up(enum ready_why why) {
    struct thread *self = thread_current();
    assert(!self->current.spin_depth);
    uint64_t irq = irq_disable();
    struct hart *hart = self->current.hart_data;
    uint64_t now = begin_switch(hart, self);
    bool could = self != hart->idle && self->state == THREAD_RUNNING;
    if (could)
        stand_back(hart, self, why);
    else if (self != hart->idle)
        stand_down(hart, self);
    go_over(hart, self, now, could, why);
    csr_set(sstatus, irq);
}

void schedule(void) { give_up(READY_PREEMPTED); }
void thread_yield(void) { give_up(READY_YIELDED); }

// What the lock is counted by, and were interrupts on before it, goes over to the queue's lock and back.
void schedule_without(struct spinlock *lock) {
    struct thread *self = thread_current();
    assert(self->current.spin_depth == 1);
    uint32_t irq = self->current.spin_irq;
    struct hart *hart = self->current.hart_data;
    spin_unlock_nested(lock);
    uint64_t now = begin_switch(hart, self);
    stand_down(hart, self);
    go_over(hart, self, now, false, READY_PREEMPTED);
    spin_lock_switching(lock);
    current()->spin_irq = irq;          // what is not kept over the switch stays in registers before it
}

// Is to make room, but in a cooperative kernel. Marks are set, never written back: other harts set them too.
static void preempt(struct thread *self) {
    if (__atomic_load_n(&sched_preemption, __ATOMIC_RELAXED))
        self->need_resched = true;
}

// Its quantum is over.
static void quantum_over(struct hart *hart, struct thread *self) {
    if (self->cpu_timed)
        self->signal_attention = true;
    hart->quantum_end = time_read() + sched_quantum;
    preempt(self);
}

// No later than a quantum ends: one who comes from another hart is to run at once. Threads that block
// before theirs end do not keep others out.
static void balance(struct hart *hart, struct thread *self) {
    uint64_t now = time_read();
    if (hart_count == 1 || now < hart->balance_at)
        return;
    hart->balance_at = now + sched_quantum;
    if (sched_balance(hart))
        preempt(self);
}

void sched_timer_interrupt(bool from_user) {
    struct hart *hart = this_hart();
    struct thread *self = thread_current();
    bool idle = self == hart->idle;
    if (!idle)
        account_tick(hart, from_user);
    if (!idle && time_read() >= hart->quantum_end)
        quantum_over(hart, self);
    if (!idle)
        balance(hart, self);
    timers_expire(idle ? DEADLINE_NEVER : hart->quantum_end);
}

void sched_init_hart(struct hart *hart, struct thread *idle) {
    run_queue_init(&hart->queue, sched_policy());
    timers_init_hart(hart);
    hart->idle = hart->queue.running = idle;
    hart->timer_set = DEADLINE_NEVER;
    idle->state = THREAD_RUNNING;
    idle->on_cpu = true;
    idle->affinity = AFFINITY_ALL;
    idle->hart = idle->current.hart = hart->index;
    idle->current.hart_data = hart;
    idle->magic = THREAD_MAGIC;
    idle->fpu_hart = FPU_NOWHERE;
    list_init(&idle->run_node);
    list_init(&idle->loans);
    hart->started_at = hart->queue.charged_at = time_read();
    hart->online = true;
}
