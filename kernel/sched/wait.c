#include <abi/errno.h>
#include <riscv/csr.h>
#include <sched/account.h>
#include <sched/clock.h>
#include <sched/sched.h>
#include <sched/wait.h>

void wait_queue_init(struct wait_queue *queue, const char *name) {
    wait_queue_init_guarded(queue, name, &queue->own);
}

void wait_queue_init_guarded(struct wait_queue *queue, const char *name, struct spinlock *lock) {
    spin_init(&queue->own, "wait queue");
    queue->guard = lock;
    list_init(&queue->waiters);
    queue->name = name;
}

static inline bool guard_held(const struct wait_queue *queue) {
    return __atomic_load_n(&queue->guard->holder, __ATOMIC_RELAXED) == current();
}

// Takes the guard unless the caller has it: is it to be released?
static inline bool guard_take(struct wait_queue *queue) {
    bool take = !guard_held(queue);
    if (take)
        spin_lock(queue->guard);
    return take;
}

static inline void guard_release(struct wait_queue *queue, bool taken) {
    if (taken)
        spin_unlock(queue->guard);
}

// Watchers stand in front, where wake_one finds them before the waiter that it wakes.
void waiter_add(struct waiter *waiter, struct wait_queue *queue, uint32_t *fired) {
    *waiter = (struct waiter){ .thread = thread_current(), .queue = queue, .fired = fired };
    bool taken = guard_take(queue);
    if (fired)
        list_push_front(&queue->waiters, &waiter->node);
    else
        list_push_back(&queue->waiters, &waiter->node);
    guard_release(queue, taken);
}

// Its waker takes it off under the guard: so who finds it off and then the guard free need not wait for
// a waker that still has to do with it.
void waiter_remove(struct waiter *waiter) {
    struct wait_queue *queue = waiter->queue;
    if (__atomic_load_n(&waiter->node.next, __ATOMIC_ACQUIRE) == &waiter->node &&
        spin_is_free(queue->guard))
        return;
    bool taken = guard_take(queue);
    list_remove(&waiter->node);
    guard_release(queue, taken);
}

// The same for a waiter whose thread holds `lock`, which mostly is the guard: its waker has gone then.
static inline void join(struct waiter *waiter, struct wait_queue *queue, const struct spinlock *lock) {
    if (__builtin_expect(queue->guard != lock, false)) {
        waiter_add(waiter, queue, NULL);
        return;
    }
    waiter->thread = thread_current();
    waiter->queue = queue;
    waiter->fired = NULL;
    list_push_back(&queue->waiters, &waiter->node);
}

static inline void leave(struct waiter *waiter, const struct spinlock *lock) {
    if (__builtin_expect(!waiter_fired(waiter) || waiter->queue->guard != lock, false))
        waiter_remove(waiter);
}

// Wakes those that watch and up to `limit` waiters. One that was no longer asleep (a signal or its
// deadline came first) does not count: the wake-up goes on to the next, so that it is not lost.
int wake_some(struct wait_queue *queue, int limit) {
    int woken = 0;
    struct list *node;
    bool taken = guard_take(queue);
    while (woken < limit && (node = list_pop_front(&queue->waiters))) {
        struct waiter *waiter = container_of(node, struct waiter, node);
        uint32_t *fired = waiter->fired;
        if (fired)                      // an exchange: see sleep_begin
            (void)__atomic_exchange_n(fired, 1, __ATOMIC_SEQ_CST);
        if (thread_wake(waiter->thread) && !fired)
            woken++;
    }
    guard_release(queue, taken);
    return woken;
}

int wake_front(struct wait_queue *queue) {
    struct waiter *first = list_first(&queue->waiters, struct waiter, node);
    if (!first->fired) {
        list_remove(&first->node);
        if (thread_wake(first->thread))
            return 1;
    }
    return wake_some(queue, 1);
}

static struct waiter *most_important(struct wait_queue *queue) {
    struct waiter *waiter, *best = NULL;
    list_for_each(waiter, &queue->waiters, node)
        if (!best || thread_priority(waiter->thread) > thread_priority(best->thread))
            best = waiter;
    return best;
}

// Puts it in front, where wake_one looks.
int wake_most_important(struct wait_queue *queue) {
    bool taken = guard_take(queue);
    struct waiter *best = most_important(queue);
    if (best) {
        list_remove(&best->node);
        list_push_front(&queue->waiters, &best->node);
    }
    guard_release(queue, taken);
    return wake_one(queue);
}

int thread_priority_waiting(struct wait_queue *queue) {
    bool taken = guard_take(queue);
    struct waiter *best = most_important(queue);
    int priority = best ? thread_priority(best->thread) : 0;
    guard_release(queue, taken);
    return priority;
}

// The mark is set before the thread is woken for a signal, so without it there is none.
static inline bool interrupted(enum wait_mode mode) {
    if (__builtin_expect(!__atomic_load_n(&thread_current()->signal_attention, __ATOMIC_RELAXED), true))
        return false;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return mode > WAIT_UNINTERRUPTIBLE && thread_signal_check(mode);
}

static __attribute__((noinline)) void deadline_begin(uint64_t deadline) {
    struct thread *self = thread_current();
    if (deadline & DEADLINE_REALTIME)
        deadline = clock_realtime_join(self, deadline & ~DEADLINE_REALTIME);
    timer_arm(&self->sleep_timer, deadline);
}

static __attribute__((noinline)) void deadline_end(uint64_t deadline) {
    struct thread *self = thread_current();
    if (deadline & DEADLINE_REALTIME)
        clock_realtime_leave(self);
    timer_cancel(&self->sleep_timer);
}

// Asleep as far as others know; the caller has joined its queues, and calls schedule or schedule_without
// next. Between the two it must not be preempted: it would sleep with the condition's lock held.
static inline void sleep_begin(const char *name, enum wait_mode mode, uint64_t deadline) {
    struct thread *self = thread_current();
    self->wait_name = name;
    __atomic_store_n(&self->wait_mode, mode, __ATOMIC_RELAXED);
    // From here on wakers see it asleep; so only now the timer is armed (it may fire at once) and
    // a signal sent before is looked for. An exchange, since what follows a store may be read before it.
    (void)__atomic_exchange_n(&self->state, THREAD_WAITING, __ATOMIC_SEQ_CST);
    if (deadline != DEADLINE_NONE)
        deadline_begin(deadline);
    if (interrupted(mode))
        thread_wake(thread_current());
}

static inline void sleep_end(uint64_t deadline) {
    if (deadline != DEADLINE_NONE)
        deadline_end(deadline);
}

static bool passed(uint64_t deadline) {
    if (deadline < DEADLINE_REALTIME)
        return time_read() >= deadline;
    return clock_realtime_ns() >= (deadline & ~DEADLINE_REALTIME);
}

static inline int why_awake(enum wait_mode mode, uint64_t deadline) {
    if (interrupted(mode))
        return -EINTR;
    return deadline != DEADLINE_NONE && passed(deadline) ? -ETIMEDOUT : 0;
}

// For the load: it is asleep where no signal ends it.
static inline void blocked_change(enum wait_mode mode, int change) {
    if (mode == WAIT_UNINTERRUPTIBLE && thread_current()->proc)
        account_blocked(change);
}

static __attribute__((noinline)) int wait_alone(struct wait_queue *queue, enum wait_mode mode,
                                                uint64_t deadline) {
    spin_lock(queue->guard);
    int result = wait_once(queue, queue->guard, mode, deadline);
    spin_unlock(queue->guard);
    return result;
}

int wait_once(struct wait_queue *queue, struct spinlock *lock, enum wait_mode mode,
              uint64_t deadline) {
    if (!lock)
        return wait_alone(queue, mode, deadline);
    struct waiter waiter;
    join(&waiter, queue, lock);
    sleep_begin(queue->name, mode, deadline);
    blocked_change(mode, 1);
    schedule_without(lock);
    blocked_change(mode, -1);
    sleep_end(deadline);
    leave(&waiter, lock);
    return why_awake(mode, deadline);
}

int wait_fired(const uint32_t *fired, const char *name, uint64_t deadline) {
    assert(current()->spin_depth == 0);
    if (deadline == DEADLINE_NONE || !passed(deadline)) {
        preempt_disable();
        sleep_begin(name, WAIT_INTERRUPTIBLE, deadline);
        if (__atomic_load_n(fired, __ATOMIC_SEQ_CST))
            thread_wake(thread_current());
        schedule();
        sleep_end(deadline);
        preempt_enable();
    }
    return why_awake(WAIT_INTERRUPTIBLE, deadline);
}
