// How important a thread is, and what it is lent by those who wait for it.
#include <abi/sched.h>
#include <sched/inherit.h>
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
    if (look)                           // its hart's timer may set it meanwhile: nothing is written back
        running->need_resched = true;
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

// --- sleeping locks ---
//
// A thread is lent the highest of what the loans on its list lend. What a thread waits for is
// thread->loan_wanted, who has that the lock's state tells; the owner of a lock that is waited for calls
// loan_take_back before it is gone, so it stays while `lending` is held. What he has of his own does not
// count: that may become less. The chain ends: a priority that has come around changes nothing.

static struct spinlock lending = SPINLOCK_INIT("lent priorities");

static int highest_lent(const struct thread *owner) {
    const struct loan *loan;
    int highest = 0;
    list_for_each(loan, &owner->loans, node)
        highest = loan->lent > highest ? loan->lent : highest;
    return highest;
}

static bool set_loan(struct loan *loan, struct thread *owner, int priority) {
    if (!loan->lent)
        list_push_back(&owner->loans, &loan->node);
    loan->lent = priority;
    if (!priority)
        list_remove(&loan->node);
    return lend(owner, LENDER_LOCK, highest_lent(owner));
}

// `lending` is held.
static void lend_along(struct loan *loan, struct thread *owner, int priority) {
    while (owner && priority > loan->lent && set_loan(loan, owner, priority)) {
        loan = __atomic_load_n(&owner->loan_wanted, __ATOMIC_SEQ_CST);
        priority = thread_priority(owner);
        owner = loan ? loan_owner(loan) : NULL;
    }
}

void loan_wait(struct loan *loan) {
    struct thread *self = thread_current(), *owner;
    // Pairs with the fence in lend_further: what the caller is lent from here on goes further.
    __atomic_store_n(&self->loan_wanted, loan, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    owner = loan_owner(loan);
    // Where nobody is kept from running by others, equals need to be lent nothing.
    if (!owner || (!sched_policy()->strict && thread_priority(self) <= own_priority(owner)))
        return;
    spin_lock(&lending);
    lend_along(loan, owner, thread_priority(self));
    spin_unlock(&lending);
}

// Who lends along may just now look at the lock that the caller waited for, and may soon free.
void loan_waited(struct loan *loan, int priority) {
    spin_lock(&lending);
    __atomic_store_n(&thread_current()->loan_wanted, NULL, __ATOMIC_RELAXED);
    lend_along(loan, loan_owner(loan), priority);
    spin_unlock(&lending);
}

void loan_take_back(struct loan *loan, int priority) {
    spin_lock(&lending);
    if (loan->lent)
        (void)set_loan(loan, thread_current(), 0);
    lend_along(loan, loan_owner(loan), priority);
    spin_unlock(&lending);
}

// The thread is worth something else now, for whom it waits for as well.
static void lend_further(const struct thread *thread) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);        // pairs with loan_wait's
    if (!__atomic_load_n(&thread->loan_wanted, __ATOMIC_SEQ_CST))
        return;
    spin_lock(&lending);
    struct loan *loan = thread->loan_wanted;
    if (loan)
        lend_along(loan, loan_owner(loan), thread_priority(thread));
    spin_unlock(&lending);
}

bool thread_lend_priority(struct thread *thread, enum lender lender, int priority) {
    bool changed = lend(thread, lender, priority);
    if (changed)
        lend_further(thread);
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
    lend_further(thread);
}
