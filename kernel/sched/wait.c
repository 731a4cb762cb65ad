#include <abi/errno.h>
#include <riscv/csr.h>
#include <sched/sched.h>
#include <sched/wait.h>

void wait_queue_init(struct wait_queue *queue, const char *name) {
    spin_init(&queue->lock, "wait queue");
    list_init(&queue->waiters);
    queue->name = name;
}

void waiter_add(struct waiter *waiter, struct wait_queue *queue) {
    waiter->thread = thread_current();
    waiter->queue = queue;
    spin_lock(&queue->lock);
    list_push_back(&queue->waiters, &waiter->node);
    spin_unlock(&queue->lock);
}

void waiter_remove(struct waiter *waiter) {
    spin_lock(&waiter->queue->lock);
    list_remove(&waiter->node);
    spin_unlock(&waiter->queue->lock);
}

// Wakes up to `limit` waiters. One that was no longer asleep (a signal or its deadline came
// first) does not count: the wake-up goes on to the next, so that it is not lost.
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
        // From the wake-up on the waiter's memory may be gone.
        if (thread_wake(container_of(node, struct waiter, node)->thread))
            woken++;
    }
    spin_unlock(&queue->lock);
    return woken;
}

int wake_one(struct wait_queue *queue) { return wake(queue, 1); }
int wake_all(struct wait_queue *queue) { return wake(queue, INT32_MAX); }

static bool interrupted(const struct thread *self, enum wait_mode mode) {
    return mode != WAIT_UNINTERRUPTIBLE && self->proc && thread_signal_check(mode);
}

// Goes to sleep unless a signal is already there. The caller has joined its queues.
static void sleep_now(struct thread *self, struct spinlock *lock, enum wait_mode mode,
                      uint64_t deadline) {
    __atomic_store_n(&self->wait_mode, mode, __ATOMIC_RELAXED);
    __atomic_store_n(&self->state, THREAD_WAITING, __ATOMIC_SEQ_CST);
    // From here on wakers see it asleep; so only now the timer is armed (it may fire at once) and
    // a signal sent before is looked for.
    if (deadline != DEADLINE_NONE)
        timer_arm(&self->sleep_timer, deadline);
    if (interrupted(self, mode))
        thread_wake(self);
    if (lock)
        spin_unlock(lock);
    schedule();
}

int wait_once(struct wait_queue *queue, struct spinlock *lock, enum wait_mode mode,
              uint64_t deadline) {
    struct thread *self = thread_current();
    assert(self->current.spin_depth == (lock ? 1 : 0));
    struct waiter waiter;
    // Between WAITING and schedule() this thread must not be preempted: it would sleep with
    // the condition's lock held.
    preempt_disable();
    waiter_add(&waiter, queue);
    self->wait_name = queue->name;
    sleep_now(self, lock, mode, deadline);
    if (deadline != DEADLINE_NONE)
        timer_cancel(&self->sleep_timer);
    waiter_remove(&waiter);
    preempt_enable();
    if (lock)
        spin_lock(lock);
    if (interrupted(self, mode))
        return -EINTR;
    return time_read() >= deadline ? -ETIMEDOUT : 0;
}
