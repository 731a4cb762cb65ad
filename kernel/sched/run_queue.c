#include <lib/string.h>
#include <sched/hart.h>
#include <sched/run_queue.h>
#include <sched/sched.h>

static void begin(struct run_queue *queue) {
    memset(queue->policy_data, 0, sizeof queue->policy_data);
    if (queue->policy->begin)
        queue->policy->begin(queue);
}

void run_queue_init(struct run_queue *queue, const struct sched_policy *policy) {
    *queue = (struct run_queue){ .policy = policy };
    spin_init(&queue->lock, "run queue");
    list_init(&queue->ready);
    begin(queue);
}

// What the words say is an older policy's, if it is not this turn's.
static bool renew(const struct run_queue *queue, struct thread *thread) {
    if (thread->policy_turn == queue->policy_turn)
        return false;
    thread->policy_turn = queue->policy_turn;
    memset(thread->policy_data, 0, sizeof thread->policy_data);
    return true;
}

// Longer than the one that is first. Who comes from another hart then is first here: at the end, where
// yet another hart may find it too early, it could go round for ever.
static bool waited_longest(const struct run_queue *queue, const struct thread *thread) {
    return thread->ready_since < list_first(&queue->ready, struct thread, run_node)->ready_since;
}

void run_queue_put(struct run_queue *queue, struct thread *thread, enum ready_why why) {
    if (why != READY_MOVED && why != READY_CHANGED)
        thread->ready_since = queue->now;
    run_queue_link(queue, thread);
    if (why == READY_MOVED && waited_longest(queue, thread)) {
        list_remove(&thread->run_node);
        list_push_front(&queue->ready, &thread->run_node);
    }
    if (__builtin_expect(renew(queue, thread), false))
        why = READY_NEW;
    else if (thread->policy_joined && why == READY_WOKEN)
        why = READY_PREEMPTED;          // it has not slept
    thread->policy_joined = true;
    if (queue->policy->enqueue)
        queue->policy->enqueue(queue, thread, why);
}

// Its registers must have left the hart that they were in.
static bool may_go(const struct thread *thread, uint32_t hart) {
    return (thread->affinity >> hart & 1) && !__atomic_load_n(&thread->on_cpu, __ATOMIC_ACQUIRE);
}

static struct thread *find_for(struct run_queue *queue, uint32_t hart) {
    if (list_empty(&queue->ready))
        return NULL;
    struct thread *thread = queue->policy->pick(queue);
    if (may_go(thread, hart))
        return thread;
    list_for_each(thread, &queue->ready, run_node)
        if (may_go(thread, hart))
            return thread;
    return NULL;
}

struct thread *run_queue_give(struct run_queue *queue, uint32_t hart) {
    struct thread *thread = find_for(queue, hart);
    if (!thread)
        return NULL;
    run_queue_take(queue, thread);
    run_queue_leave(queue, thread);
    return thread;
}

static uint64_t claim(struct run_queue *queue, struct thread *thread, uint64_t since) {
    uint64_t rank = queue->policy->rank ? queue->policy->rank(queue, thread) : 0;
    return rank << 56 | since;
}

uint64_t run_queue_claim(struct run_queue *queue, uint32_t hart) {
    struct thread *thread = find_for(queue, hart);
    return thread ? claim(queue, thread, thread->ready_since) : UINT64_MAX;
}

// Who is next may have come after others that the policy has wait: one who comes must not pass these.
uint64_t run_queue_own_claim(struct run_queue *queue) {
    if (list_empty(&queue->ready))
        return UINT64_MAX;
    const struct thread *oldest = list_first(&queue->ready, struct thread, run_node);
    return claim(queue, queue->policy->pick(queue), oldest->ready_since);
}

bool run_queue_has_for(struct run_queue *queue, uint32_t hart) {
    uint32_t length = __atomic_load_n(&queue->length, __ATOMIC_RELAXED);
    // Only of those that may not run everywhere is a look at each needed.
    if (length != __atomic_load_n(&queue->bound, __ATOMIC_RELAXED) || !length)
        return length;
    spin_lock(&queue->lock);
    bool found = find_for(queue, hart);
    spin_unlock(&queue->lock);
    return found;
}

// One that was woken before it slept is on the queue already.
void run_queue_tick(struct run_queue *queue, struct thread *thread, uint64_t now) {
    queue->now = now;
    run_queue_change_begin(queue, thread);
    queue->policy->tick(queue, thread, now - queue->charged_at);
    run_queue_change_end(queue, thread);
}

// The words of those that sleep, or are on their way here, are renewed when they arrive.
void run_queue_set_policy(struct run_queue *queue, const struct sched_policy *policy,
                          uint32_t turn) {
    struct thread *thread;
    queue->policy = policy;
    queue->policy_turn = turn;
    begin(queue);
    if (queue->running)
        renew(queue, queue->running);
    list_for_each(thread, &queue->ready, run_node) {
        renew(queue, thread);
        if (policy->enqueue)
            policy->enqueue(queue, thread, READY_NEW);
    }
}

void run_queue_change_begin(struct run_queue *queue, struct thread *thread) {
    if (!list_empty(&thread->run_node) && queue->policy->dequeue)
        queue->policy->dequeue(queue, thread);
}

void run_queue_change_end(struct run_queue *queue, struct thread *thread) {
    if (!list_empty(&thread->run_node) && queue->policy->enqueue)
        queue->policy->enqueue(queue, thread, READY_CHANGED);
}
