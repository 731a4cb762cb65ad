// Strict priority: the most important thread runs, and equally important ones take turns. What is less
// important starves. How important a thread is, is thread_priority: it includes what it is lent by
// those who wait for it (inherit.c), so that nobody in between keeps it from letting go.
//
// A SCHED_FIFO thread keeps its place among its equals when it is preempted, so its quantum never ends.
#include <abi/sched.h>
#include <sched/sched.h>

struct priority_queue {
    struct pairing_heap heap;       // struct priority_thread, the next to run first
    uint64_t last_arrival;
};

struct priority_thread {
    struct pairing_node node;
    uint64_t arrival;               // ticks, no two the same: equals go by this
};

static bool goes_before(const struct pairing_node *a, const struct pairing_node *b) {
    const struct priority_thread *one = container_of(a, struct priority_thread, node);
    const struct priority_thread *other = container_of(b, struct priority_thread, node);
    int mine = thread_priority(policy_thread_of(one)), its = thread_priority(policy_thread_of(other));
    return mine > its || (mine == its && one->arrival < other->arrival);
}

static void begin(struct run_queue *queue) {
    policy_queue(struct priority_queue, queue)->heap.less = goes_before;
}

static struct thread *pick(struct run_queue *queue) {
    struct pairing_node *first = policy_queue(struct priority_queue, queue)->heap.root;
    return policy_thread_of(container_of(first, struct priority_thread, node));
}

static uint64_t next_arrival(const struct run_queue *queue, struct priority_queue *heap) {
    uint64_t next = heap->last_arrival + 1;
    return heap->last_arrival = queue->now > next ? queue->now : next;
}

static void enqueue(struct run_queue *queue, struct thread *thread, enum ready_why why) {
    struct priority_queue *heap = policy_queue(struct priority_queue, queue);
    struct priority_thread *data = policy_thread(struct priority_thread, thread);
    if (why != READY_PREEMPTED || thread->scheduling != SCHED_FIFO)
        data->arrival = why == READY_MOVED ? thread->ready_since : next_arrival(queue, heap);
    pairing_insert(&heap->heap, &data->node);
}

static void dequeue(struct run_queue *queue, struct thread *thread) {
    pairing_remove(&policy_queue(struct priority_queue, queue)->heap,
                   &policy_thread(struct priority_thread, thread)->node);
}

static bool preempts(struct run_queue *queue, struct thread *ready, struct thread *running) {
    (void)queue;
    return thread_priority(ready) > thread_priority(running);
}

static uint64_t rank(struct run_queue *queue, struct thread *thread) {
    (void)queue;
    return PRIORITY_MOST - thread_priority(thread);
}

const struct sched_policy policy_priority = {
    .name = "priority", .begin = begin, .pick = pick, .enqueue = enqueue, .dequeue = dequeue,
    .strict = true, .rank = rank, .preempts = preempts,
};
