// Round robin: who came first goes first, for a quantum; then it stands at the end again.
#include <sched/sched.h>

static struct thread *pick(struct run_queue *queue) {
    return list_first(&queue->ready, struct thread, run_node);
}

const struct sched_policy policy_round_robin = { .name = "rr", .pick = pick };
