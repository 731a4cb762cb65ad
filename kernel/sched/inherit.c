// How important a thread is, and what it is lent by those who wait for it.
#include <abi/sched.h>
#include <sched/mutex.h>
#include <sched/sched.h>

static int own_priority(const struct thread *thread) {
    if (thread->scheduling == SCHED_FIFO || thread->scheduling == SCHED_RR)
        return 40 + thread->real_time;
    return thread->scheduling == SCHED_IDLE ? 0 : 20 - thread->nice;
}

int thread_priority(const struct thread *thread) {
    int highest = own_priority(thread);
    for (unsigned i = 0; i < LENDERS; i++)
        highest = thread->lent[i] > highest ? thread->lent[i] : highest;
    return highest;
}

// Its place in the order has changed, so may have who is to run: lets go of the queue.
static void look_again(struct run_queue *queue, struct thread *thread) {
    struct thread *running = queue->running;
    bool look = queue->policy->preempts && __atomic_load_n(&sched_preemption, __ATOMIC_RELAXED) &&
                (running == thread || !list_empty(&thread->run_node));
    uint32_t hart = thread->hart;
    running->need_resched |= look;
    spin_unlock(&queue->lock);
    if (look)
        harts_kick(1u << hart);
}

static bool lend(struct thread *thread, enum lender lender, int priority) {
    struct run_queue *queue = thread_lock_queue(thread);
    int before = thread_priority(thread);
    run_queue_change_begin(queue, thread);
    thread->lent[lender] = priority;
    run_queue_change_end(queue, thread);
    bool changed = thread_priority(thread) != before;
    if (changed)
        look_again(queue, thread);
    else
        spin_unlock(&queue->lock);
    return changed;
}

// --- mutexes ---
//
// A thread is lent the highest of what the mutexes on its list lend. Who waits for a mutex is found by
// thread->mutex_wanted, its owner by the mutex itself; the owner of a marked one calls mutex_take_back
// before it is gone, so it stays while `lending` is held. The chain ends: nobody is lent less than he
// has, and a priority that has come around changes nothing.

static struct spinlock lending = SPINLOCK_INIT("lent priorities");

static int highest_lent(const struct thread *owner) {
    const struct mutex *mutex;
    int highest = 0;
    list_for_each(mutex, &owner->mutexes_lent, lent_node)
        highest = mutex->lent > highest ? mutex->lent : highest;
    return highest;
}

static bool set_loan(struct mutex *mutex, struct thread *owner, int priority) {
    if (!mutex->lent)
        list_push_back(&owner->mutexes_lent, &mutex->lent_node);
    mutex->lent = priority;
    if (!priority)
        list_remove(&mutex->lent_node);
    return lend(owner, LENDER_MUTEX, highest_lent(owner));
}

// `lending` is held.
static void lend_along(struct mutex *mutex, struct thread *owner, int priority) {
    while (owner && priority > mutex->lent && priority > own_priority(owner) &&
           set_loan(mutex, owner, priority)) {
        mutex = __atomic_load_n(&owner->mutex_wanted, __ATOMIC_SEQ_CST);
        priority = thread_priority(owner);
        owner = mutex ? mutex_owner(mutex) : NULL;
    }
}

// Among equals nobody needs to be lent anything, which is soon seen.
void mutex_lend(struct mutex *mutex, struct thread *owner, int priority) {
    if (!owner || priority <= own_priority(owner))
        return;
    spin_lock(&lending);
    lend_along(mutex, owner, priority);
    spin_unlock(&lending);
}

void mutex_take_back(struct mutex *mutex) {
    spin_lock(&lending);
    if (mutex->lent)
        (void)set_loan(mutex, thread_current(), 0);
    spin_unlock(&lending);
}

bool thread_lend_priority(struct thread *thread, enum lender lender, int priority) {
    bool changed = lend(thread, lender, priority);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);        // pairs with mutex.c's take_or_lend
    if (changed && __atomic_load_n(&thread->mutex_wanted, __ATOMIC_SEQ_CST)) {
        spin_lock(&lending);
        struct mutex *mutex = thread->mutex_wanted;
        if (mutex)
            lend_along(mutex, mutex_owner(mutex), thread_priority(thread));
        spin_unlock(&lending);
    }
    return changed;
}

void thread_set_scheduling(struct thread *thread, int scheduling, int real_time, int nice) {
    struct run_queue *queue = thread_lock_queue(thread);
    run_queue_change_begin(queue, thread);
    thread->scheduling = scheduling;
    thread->real_time = real_time;
    thread->nice = nice;
    run_queue_change_end(queue, thread);
    look_again(queue, thread);
}
