// A fair scheduler: everybody's virtual time passes while it runs, faster the nicer it is; who has had
// least of it goes next. So all ready threads advance together, each by its weight.
//
// Sleepers: who wakes is put where the others are, less half a quantum at most that it is owed for
// sleeping. So a thread that sleeps most of the time runs as soon as it wakes, and none saves up time
// to keep others away. Who slept for a moment only still owes what it owed. A new thread starts as one
// that has just had its quantum: forking gains nothing. Who is moved to another hart has waited longest
// (place.c), and goes next there.
#include <sched/sched.h>

struct fair_queue {
    struct pairing_heap heap;       // struct fair_thread, least virtual time first
    int64_t least;                  // of those that run or are ready; never falls
};

struct fair_thread {
    struct pairing_node node;
    int64_t time;                   // virtual; while it is at no queue: how far ahead of `least`
    uint64_t left_at;               // ... and since when
};

static struct fair_thread *data_of(struct thread *thread) {
    return policy_thread(struct fair_thread, thread);
}

static bool goes_before(const struct pairing_node *a, const struct pairing_node *b) {
    return container_of(a, struct fair_thread, node)->time <
           container_of(b, struct fair_thread, node)->time;
}

static int64_t virtual(const struct thread *thread, uint64_t ticks) {
    return (int64_t)(ticks * WEIGHT_NORMAL / nice_weight(thread->nice));
}

static struct fair_thread *first(const struct fair_queue *fair) {
    struct pairing_node *root = fair->heap.root;
    return root ? container_of(root, struct fair_thread, node) : NULL;
}

// Of the running thread, with what it has not been charged for yet.
static int64_t time_now(const struct run_queue *queue, struct thread *running) {
    return data_of(running)->time + virtual(running, queue->now - queue->charged_at);
}

static void advance(struct fair_queue *fair, int64_t running) {
    struct fair_thread *other = first(fair);
    int64_t least = other && other->time < running ? other->time : running;
    if (least > fair->least)
        fair->least = least;
}

// Before a thread goes from queue to queue: how far it is ahead of others is of this moment.
static void advance_now(struct run_queue *queue) {
    if (queue->running->policy_joined)
        advance(policy_queue(struct fair_queue, queue), time_now(queue, queue->running));
}

static void begin(struct run_queue *queue) {
    policy_queue(struct fair_queue, queue)->heap.less = goes_before;
}

static struct thread *pick(struct run_queue *queue) {
    return policy_thread_of(first(policy_queue(struct fair_queue, queue)));
}

// How far ahead of the others one is that was `ahead` when it fell asleep.
static int64_t after_sleep(int64_t ahead, uint64_t slept) {
    int64_t owed = (int64_t)(sched_quantum / 2);
    uint64_t margin = (uint64_t)(ahead + owed);
    return ahead > -owed && slept < margin ? ahead - (int64_t)slept : -owed;
}

static void enqueue(struct run_queue *queue, struct thread *thread, enum ready_why why) {
    struct fair_queue *fair = policy_queue(struct fair_queue, queue);
    struct fair_thread *data = data_of(thread);
    if (why == READY_MOVED)
        advance_now(queue);
    if (why == READY_NEW)
        data->time = fair->least + virtual(thread, sched_quantum);
    else if (why == READY_WOKEN)
        data->time = fair->least + after_sleep(data->time, queue->now - data->left_at);
    else if (why == READY_MOVED)
        data->time = fair->least + (data->time < 0 ? data->time : -1);
    else if (why == READY_YIELDED && first(fair) && data->time <= first(fair)->time)
        data->time = first(fair)->time + 1;
    pairing_insert(&fair->heap, &data->node);
}

static void dequeue(struct run_queue *queue, struct thread *thread) {
    pairing_remove(&policy_queue(struct fair_queue, queue)->heap, &data_of(thread)->node);
}

static void tick(struct run_queue *queue, struct thread *thread, uint64_t ran) {
    struct fair_queue *fair = policy_queue(struct fair_queue, queue);
    data_of(thread)->time += virtual(thread, ran);
    advance(fair, data_of(thread)->time);
}

static void leave(struct run_queue *queue, struct thread *thread) {
    advance_now(queue);
    data_of(thread)->time -= policy_queue(struct fair_queue, queue)->least;
    data_of(thread)->left_at = queue->now;
}

// By more than an eighth of a quantum, or two that wake each other would switch all the time.
static bool preempts(struct run_queue *queue, struct thread *ready, struct thread *running) {
    return data_of(ready)->time + (int64_t)(sched_quantum / 8) < time_now(queue, running);
}

const struct sched_policy policy_fair = {
    .name = "fair", .begin = begin, .pick = pick, .enqueue = enqueue, .dequeue = dequeue,
    .tick = tick, .leave = leave, .preempts = preempts,
};
