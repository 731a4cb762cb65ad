// First in, first out: who is oldest runs until it sleeps or ends. For test_sched.py, which adds it to a
// kernel: an example of the least that a policy can be.
#include <sched/sched.h>

// Walks over all, which no policy of the kernel's own may.
static struct thread *pick(struct run_queue *queue) {
    struct thread *thread, *oldest = list_first(&queue->ready, struct thread, run_node);
    list_for_each(thread, &queue->ready, run_node)
        oldest = thread->born < oldest->born ? thread : oldest;
    return oldest;
}

const struct sched_policy policy_fifo = { .name = "fifo", .pick = pick };
