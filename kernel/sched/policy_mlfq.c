// The multi-level feedback queue: learns from what a thread does whether it is interactive.
//
//  1. A thread of a higher level goes before one of a lower (level 0 is the highest).
//  2. Those of one level take turns.
//  3. A new thread starts at the top.
//  4. Who has used up the allotment of its level goes a level down, in one piece or in many: giving
//     up the processor just before the end of a quantum gains nothing.
//  5. After some time all go back to the top: nobody starves, and who changes is found out.
//
// R. and A. Arpaci-Dusseau, "Operating Systems: Three Easy Pieces", chapter "Multi-Level Feedback".
// Nobody walks over threads to boost them: the lists are joined, and a thread whose last boost was in
// another period than now counts as boosted when it is looked at.
#include <sched/sched.h>

#define LEVELS 4
#define BOOST_QUANTA 100

struct mlfq_queue {
    struct list levels[LEVELS];
    uint64_t filled;                // bit for each level that has threads
    uint64_t period;                // the last in which this queue was boosted
};

struct mlfq_thread {
    struct list node;               // on its level
    uint64_t used;                  // of the allotment of `level`
    uint64_t period;                // in which it was at the top
    uint64_t level;
};

static struct mlfq_thread *data_of(struct thread *thread) {
    return policy_thread(struct mlfq_thread, thread);
}

// What a thread may use before it goes down; also its quantum.
static uint64_t allotment(uint64_t level) { return sched_quantum << level; }

static uint64_t period_length(void) { return BOOST_QUANTA * sched_quantum; }
static uint64_t period_now(const struct run_queue *queue) { return queue->now / period_length(); }

// True if it was at the top in this period already; else it is there now.
static bool renew(struct run_queue *queue, struct mlfq_thread *data) {
    uint64_t period = period_now(queue);
    if (data->period == period)
        return true;
    data->period = period;
    data->level = data->used = 0;
    return false;
}

static struct mlfq_thread *data_now(struct run_queue *queue, struct thread *thread) {
    (void)renew(queue, data_of(thread));
    return data_of(thread);
}

static void begin(struct run_queue *queue) {
    struct mlfq_queue *mlfq = policy_queue(struct mlfq_queue, queue);
    for (unsigned level = 0; level < LEVELS; level++)
        list_init(&mlfq->levels[level]);
}

static void boost(struct run_queue *queue, struct mlfq_queue *mlfq) {
    mlfq->period = period_now(queue);
    for (unsigned level = 1; level < LEVELS; level++)
        list_append_all(&mlfq->levels[0], &mlfq->levels[level]);
    mlfq->filled = !list_empty(&mlfq->levels[0]);
}

static struct thread *pick(struct run_queue *queue) {
    struct mlfq_queue *mlfq = policy_queue(struct mlfq_queue, queue);
    if (mlfq->period != period_now(queue))
        boost(queue, mlfq);
    struct list *level = &mlfq->levels[__builtin_ctzl(mlfq->filled)];
    return policy_thread_of(list_first(level, struct mlfq_thread, node));
}

static void enqueue(struct run_queue *queue, struct thread *thread, enum ready_why why) {
    struct mlfq_queue *mlfq = policy_queue(struct mlfq_queue, queue);
    struct mlfq_thread *data = data_now(queue, thread);
    struct list *level = &mlfq->levels[data->level];
    if (why == READY_MOVED && !list_empty(level) &&
        thread->ready_since < policy_thread_of(list_first(level, struct mlfq_thread, node))->ready_since)
        list_push_front(level, &data->node);
    else
        list_push_back(level, &data->node);
    mlfq->filled |= 1ul << data->level;
}

// Which list it is on may be told by the list alone: it may have been boosted there.
static void dequeue(struct run_queue *queue, struct thread *thread) {
    struct mlfq_queue *mlfq = policy_queue(struct mlfq_queue, queue);
    struct list *next = data_of(thread)->node.next;
    list_remove(&data_of(thread)->node);
    if (list_empty(next) && next >= mlfq->levels && next < mlfq->levels + LEVELS)
        mlfq->filled &= ~(1ul << (next - mlfq->levels));
}

// A boost makes what it ran before forgotten.
static void tick(struct run_queue *queue, struct thread *thread, uint64_t ran) {
    struct mlfq_thread *data = data_of(thread);
    if (!renew(queue, data) || (data->used += ran) < allotment(data->level))
        return;
    data->used = 0;
    if (data->level < LEVELS - 1)
        data->level++;
}

// No longer than to the next boost, when those who may run are chosen anew.
static uint64_t quantum(struct run_queue *queue, struct thread *thread) {
    struct mlfq_thread *data = data_now(queue, thread);
    uint64_t rest = allotment(data->level) - data->used;
    uint64_t period_rest = period_length() - queue->now % period_length();
    return rest < period_rest ? rest : period_rest;
}

static uint64_t rank(struct run_queue *queue, struct thread *thread) {
    return data_now(queue, thread)->level;
}

static bool preempts(struct run_queue *queue, struct thread *ready, struct thread *running) {
    return data_now(queue, ready)->level < data_now(queue, running)->level;
}

const struct sched_policy policy_mlfq = {
    .name = "mlfq", .begin = begin, .pick = pick, .enqueue = enqueue, .dequeue = dequeue,
    .tick = tick, .rank = rank, .quantum = quantum, .preempts = preempts,
};
