// Stride scheduling: the lottery's shares without the luck. A thread's pass grows by its stride for
// each quantum that it runs; the more tickets it has, the shorter its stride; who is furthest behind
// goes next.
//
// C. Waldspurger and W. Weihl, "Stride Scheduling: Deterministic Proportional-Share Resource
// Management", 1995. The tickets are nice_weight's. A part of a quantum counts as that part of a
// stride. Who comes to a queue starts from that queue's pass, as far ahead of it as it was when it
// left this one: sleeping earns nothing, and costs nothing. Who is moved from another has waited longest
// (place.c), and goes next.
#include <sched/sched.h>

#define STRIDE_OF_ONE (1ul << 32)   // of a thread with a single ticket

struct stride_queue {
    struct pairing_heap heap;       // struct stride_thread, least pass first
    int64_t pass;                   // the least of those that run or are ready; never falls
};

struct stride_thread {
    struct pairing_node node;
    int64_t pass;                   // while it is at no queue: how far it was ahead
};

static struct stride_thread *data_of(struct thread *thread) {
    return policy_thread(struct stride_thread, thread);
}

static bool goes_before(const struct pairing_node *a, const struct pairing_node *b) {
    return container_of(a, struct stride_thread, node)->pass <
           container_of(b, struct stride_thread, node)->pass;
}

static uint64_t stride_of(const struct thread *thread) {
    return STRIDE_OF_ONE / nice_weight(thread->nice);
}

static struct stride_thread *first(const struct stride_queue *stride) {
    struct pairing_node *root = stride->heap.root;
    return root ? container_of(root, struct stride_thread, node) : NULL;
}

static int64_t passes(const struct thread *thread, uint64_t ticks) {
    return (int64_t)(stride_of(thread) * ticks / sched_quantum);
}

static void advance(struct stride_queue *stride, int64_t running) {
    struct stride_thread *other = first(stride);
    int64_t least = other && other->pass < running ? other->pass : running;
    if (least > stride->pass)
        stride->pass = least;
}

// Before a thread goes from queue to queue: how far it is ahead of others is of this moment, and the
// running one has not been charged yet.
static void advance_now(struct run_queue *queue) {
    struct thread *running = queue->running;
    if (running->policy_joined)
        advance(policy_queue(struct stride_queue, queue),
                data_of(running)->pass + passes(running, queue->now - queue->charged_at));
}

static void begin(struct run_queue *queue) {
    policy_queue(struct stride_queue, queue)->heap.less = goes_before;
}

static struct thread *pick(struct run_queue *queue) {
    return policy_thread_of(first(policy_queue(struct stride_queue, queue)));
}

static void enqueue(struct run_queue *queue, struct thread *thread, enum ready_why why) {
    struct stride_queue *stride = policy_queue(struct stride_queue, queue);
    struct stride_thread *data = data_of(thread);
    if (why == READY_MOVED)
        advance_now(queue);
    if (why == READY_NEW)
        data->pass = stride->pass + passes(thread, sched_quantum);
    else if (why == READY_MOVED)
        data->pass = stride->pass + (data->pass < 0 ? data->pass : -1);
    else if (why == READY_WOKEN)
        data->pass += stride->pass;
    else if (why == READY_YIELDED && first(stride) && data->pass <= first(stride)->pass)
        data->pass = first(stride)->pass + 1;
    pairing_insert(&stride->heap, &data->node);
}

static void dequeue(struct run_queue *queue, struct thread *thread) {
    pairing_remove(&policy_queue(struct stride_queue, queue)->heap, &data_of(thread)->node);
}

static void tick(struct run_queue *queue, struct thread *thread, uint64_t ran) {
    struct stride_queue *stride = policy_queue(struct stride_queue, queue);
    data_of(thread)->pass += passes(thread, ran);
    advance(stride, data_of(thread)->pass);
}

static void leave(struct run_queue *queue, struct thread *thread) {
    advance_now(queue);
    data_of(thread)->pass -= policy_queue(struct stride_queue, queue)->pass;
}

const struct sched_policy policy_stride = {
    .name = "stride", .begin = begin, .pick = pick, .enqueue = enqueue, .dequeue = dequeue,
    .tick = tick, .leave = leave,
};
