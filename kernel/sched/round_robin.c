// Round robin: a queue in order of arrival, and everybody gets the same quantum.
#include <sched/sched.h>

void policy_enqueue(struct run_queue *queue, struct thread *thread) {
    list_push_back(&queue->threads, &thread->run_node);
    queue->length++;
}

static struct thread *take(struct run_queue *queue, struct list *node) {
    list_remove(node);
    queue->length--;
    return container_of(node, struct thread, run_node);
}

struct thread *policy_pick(struct run_queue *queue) {
    return list_empty(&queue->threads) ? NULL : take(queue, queue->threads.next);
}

struct thread *policy_steal(struct run_queue *queue) {
    struct thread *thread;
    list_for_each(thread, &queue->threads, run_node) {
        if (!__atomic_load_n(&thread->on_cpu, __ATOMIC_ACQUIRE))
            return take(queue, &thread->run_node);
    }
    return NULL;
}
