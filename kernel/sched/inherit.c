// How important a thread is, and what it is lent by those who wait for it.
#include <abi/sched.h>
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

bool thread_lend_priority(struct thread *thread, enum lender lender, int priority) {
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

void thread_set_scheduling(struct thread *thread, int scheduling, int real_time, int nice) {
    struct run_queue *queue = thread_lock_queue(thread);
    run_queue_change_begin(queue, thread);
    thread->scheduling = scheduling;
    thread->real_time = real_time;
    thread->nice = nice;
    run_queue_change_end(queue, thread);
    look_again(queue, thread);
}
