// The policies that there are, and the change from one to another while threads run.
#include <abi/errno.h>
#include <lib/string.h>
#include <sched/mutex.h>
#include <sched/policies.h>
#include <sched/sched.h>

#define ADDRESS(name) &policy_##name,
static const struct sched_policy *const policies[] = { SCHED_POLICIES(ADDRESS) };

static struct mutex choosing = MUTEX_INIT(choosing, "scheduling policy");
static const struct sched_policy *chosen = &policy_round_robin;
static uint32_t turn;

const struct sched_policy *sched_policy(void) {
    return __atomic_load_n(&chosen, __ATOMIC_RELAXED);
}

const struct sched_policy *sched_policy_at(unsigned index) {
    return index < sizeof policies / sizeof policies[0] ? policies[index] : NULL;
}

static const struct sched_policy *find(const char *name) {
    const struct sched_policy *policy;
    for (unsigned i = 0; (policy = sched_policy_at(i)); i++)
        if (!strcmp(policy->name, name))
            return policy;
    return NULL;
}

// Queue after queue: a thread that moves meanwhile between an old and a new one comes with words of
// another turn, and is taken for a new one.
int sched_policy_choose(const char *name) {
    const struct sched_policy *policy = find(name);
    if (!policy)
        return -EINVAL;
    mutex_lock(&choosing);
    turn++;
    __atomic_store_n(&chosen, policy, __ATOMIC_RELAXED);
    for (uint32_t i = 0; i < hart_count; i++) {
        struct run_queue *queue = &harts[i].queue;
        spin_lock(&queue->lock);
        run_queue_set_policy(queue, policy, turn);
        spin_unlock(&queue->lock);
    }
    mutex_unlock(&choosing);
    return 0;
}

// 1024 * 1.25^-nice, rounded.
uint32_t nice_weight(int nice) {
    static const uint32_t weights[40] = {
        88818, 71054, 56843, 45475, 36380, 29104, 23283, 18626, 14901, 11921,
        9537, 7629, 6104, 4883, 3906, 3125, 2500, 2000, 1600, 1280,
        1024, 819, 655, 524, 419, 336, 268, 215, 172, 137,
        110, 88, 70, 56, 45, 36, 29, 23, 18, 15,
    };
    return weights[nice + 20];
}
