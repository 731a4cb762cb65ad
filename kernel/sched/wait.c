#include <abi/errno.h>
#include <riscv/csr.h>
#include <sched/account.h>
#include <sched/clock.h>
#include <sched/sched.h>
#include <sched/wait.h>

void wait_queue_init(struct wait_queue *queue, const char *name) {
    spin_init(&queue->lock, "wait queue");
    list_init(&queue->waiters);
    queue->name = name;
}

// Watchers stand in front, where wake_one finds them before the waiter that it wakes.
void waiter_add(struct waiter *waiter, struct wait_queue *queue, uint32_t *fired) {
    waiter->thread = thread_current();
    waiter->queue = queue;
    waiter->fired = fired;
    spin_lock(&queue->lock);
    if (fired)
        list_push_front(&queue->waiters, &waiter->node);
    else
        list_push_back(&queue->waiters, &waiter->node);
    spin_unlock(&queue->lock);
}

// Its waker takes it off under the queue's lock: so who finds it off and then the lock free need not
// wait for a waker that still has to do with it.
void waiter_remove(struct waiter *waiter) {
    if (__atomic_load_n(&waiter->node.next, __ATOMIC_ACQUIRE) == &waiter->node &&
        spin_is_free(&waiter->queue->lock))
        return;
    spin_lock(&waiter->queue->lock);
    list_remove(&waiter->node);
    spin_unlock(&waiter->queue->lock);
}

// Wakes those that watch and up to `limit` waiters. One that was no longer asleep (a signal or its
// deadline came first) does not count: the wake-up goes on to the next, so that it is not lost.
static int wake(struct wait_queue *queue, int limit) {
    // The common case: nobody waits. A waiter that joins now sees the condition, which the
    // caller made true before under the condition's lock.
    if (__atomic_load_n(&queue->waiters.next, __ATOMIC_ACQUIRE) == &queue->waiters)
        return 0;
    int woken = 0;
    spin_lock(&queue->lock);
    while (woken < limit) {
        struct list *node = list_pop_front(&queue->waiters);
        if (!node)
            break;
        struct waiter *waiter = container_of(node, struct waiter, node);
        bool watches = waiter->fired;
        if (watches)
            __atomic_store_n(waiter->fired, 1, __ATOMIC_SEQ_CST);
        if (thread_wake(waiter->thread) && !watches)
            woken++;
    }
    spin_unlock(&queue->lock);
    return woken;
}

int wake_one(struct wait_queue *queue) { return wake(queue, 1); }
int wake_all(struct wait_queue *queue) { return wake(queue, INT32_MAX); }

static struct waiter *most_important(struct wait_queue *queue) {
    struct waiter *waiter, *best = NULL;
    list_for_each(waiter, &queue->waiters, node)
        if (!best || thread_priority(waiter->thread) > thread_priority(best->thread))
            best = waiter;
    return best;
}

// Puts it in front, where wake_one looks.
int wake_most_important(struct wait_queue *queue) {
    spin_lock(&queue->lock);
    struct waiter *best = most_important(queue);
    if (best) {
        list_remove(&best->node);
        list_push_front(&queue->waiters, &best->node);
    }
    spin_unlock(&queue->lock);
    return wake(queue, 1);
}

int thread_priority_waiting(struct wait_queue *queue) {
    spin_lock(&queue->lock);
    struct waiter *best = most_important(queue);
    int priority = best ? thread_priority(best->thread) : 0;
    spin_unlock(&queue->lock);
    return priority;
}

// The mark is set before the thread is woken for a signal, so without it there is none.
static bool interrupted(const struct thread *self, enum wait_mode mode) {
    return mode > WAIT_UNINTERRUPTIBLE &&
           __atomic_load_n(&self->signal_attention, __ATOMIC_ACQUIRE) && thread_signal_check(mode);
}

static void deadline_begin(struct thread *self, uint64_t deadline) {
    if (deadline & DEADLINE_REALTIME)
        deadline = clock_realtime_join(self, deadline & ~DEADLINE_REALTIME);
    timer_arm(&self->sleep_timer, deadline);
}

static void deadline_end(struct thread *self, uint64_t deadline) {
    if (deadline & DEADLINE_REALTIME)
        clock_realtime_leave(self);
    timer_cancel(&self->sleep_timer);
}

// Asleep as far as others know; the caller has joined its queues, and calls schedule next. Between
// the two it must not be preempted: it would sleep with the condition's lock held.
static inline void sleep_begin(struct thread *self, const char *name, enum wait_mode mode,
                               uint64_t deadline) {
    self->wait_name = name;
    __atomic_store_n(&self->wait_mode, mode, __ATOMIC_RELAXED);
    __atomic_store_n(&self->state, THREAD_WAITING, __ATOMIC_SEQ_CST);
    // From here on wakers see it asleep; so only now the timer is armed (it may fire at once) and
    // a signal sent before is looked for.
    if (deadline != DEADLINE_NONE)
        deadline_begin(self, deadline);
    if (interrupted(self, mode))
        thread_wake(self);
}

static inline void sleep_end(struct thread *self, uint64_t deadline) {
    if (deadline != DEADLINE_NONE)
        deadline_end(self, deadline);
}

static bool passed(uint64_t deadline) {
    if (deadline < DEADLINE_REALTIME)
        return time_read() >= deadline;
    return deadline != DEADLINE_NONE && clock_realtime_ns() >= (deadline & ~DEADLINE_REALTIME);
}

static inline int why_awake(const struct thread *self, enum wait_mode mode, uint64_t deadline) {
    if (interrupted(self, mode))
        return -EINTR;
    return passed(deadline) ? -ETIMEDOUT : 0;
}

int wait_once(struct wait_queue *queue, struct spinlock *lock, enum wait_mode mode,
              uint64_t deadline) {
    struct thread *self = thread_current();
    assert(self->current.spin_depth == (lock ? 1 : 0));
    bool blocks = mode == WAIT_UNINTERRUPTIBLE && self->proc;
    struct waiter waiter;
    preempt_disable();
    waiter_add(&waiter, queue, NULL);
    sleep_begin(self, queue->name, mode, deadline);
    if (lock)
        spin_unlock(lock);
    if (blocks)
        account_blocked(1);
    schedule();
    if (blocks)
        account_blocked(-1);
    sleep_end(self, deadline);
    waiter_remove(&waiter);
    preempt_enable();
    if (lock)
        spin_lock(lock);
    return why_awake(self, mode, deadline);
}

int wait_fired(const uint32_t *fired, const char *name, uint64_t deadline) {
    struct thread *self = thread_current();
    assert(self->current.spin_depth == 0);
    if (!passed(deadline)) {
        preempt_disable();
        sleep_begin(self, name, WAIT_INTERRUPTIBLE, deadline);
        if (__atomic_load_n(fired, __ATOMIC_SEQ_CST))
            thread_wake(self);
        schedule();
        sleep_end(self, deadline);
        preempt_enable();
    }
    return why_awake(self, WAIT_INTERRUPTIBLE, deadline);
}
