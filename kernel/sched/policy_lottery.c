// Lottery scheduling: every thread holds tickets, a draw decides who runs for the next quantum, and in
// the long run each gets its share. Nothing has to be remembered about the past.
//
// C. Waldspurger and W. Weihl, "Lottery Scheduling: Flexible Proportional-Share Resource Management",
// OSDI 1994. The tickets are nice_weight's.
//
// The threads form a complete binary tree in which each knows the tickets of all below it: a draw
// walks down from the root. Number n of the tree is found by the bits of n below its highest (0: left);
// a thread that goes is replaced by the one with the highest number.
#include <sched/sched.h>

struct lottery_thread {
    struct lottery_thread *child[2], *parent;
    uint64_t tickets, sum;          // its own, and those of its whole subtree
};

struct lottery_queue {
    struct lottery_thread *root;
    uint64_t count;
    uint64_t random;                // the generator's state, never 0
};

static void begin(struct run_queue *queue) {
    policy_queue(struct lottery_queue, queue)->random = queue->now | 1;
}

// G. Marsaglia, "Xorshift RNGs", 2003.
static uint64_t random_next(struct lottery_queue *lottery) {
    uint64_t x = lottery->random;
    x ^= x << 13;
    x ^= x >> 7;
    return lottery->random = x ^ x << 17;
}

static uint64_t sum_of(const struct lottery_thread *tree) { return tree ? tree->sum : 0; }

static struct thread *pick(struct run_queue *queue) {
    struct lottery_queue *lottery = policy_queue(struct lottery_queue, queue);
    struct lottery_thread *at = lottery->root;
    uint64_t winner = random_next(lottery) % at->sum;
    for (;;) {
        uint64_t left = sum_of(at->child[0]);
        if (winner < left) {
            at = at->child[0];
        } else if (winner < left + at->tickets) {
            return policy_thread_of(at);
        } else {
            winner -= left + at->tickets;
            at = at->child[1];
        }
    }
}

// The link that leads to number `number`; all above it have `more` tickets from now on.
static struct lottery_thread **link_to(struct lottery_queue *lottery, uint64_t number, int64_t more,
                                       struct lottery_thread **parent) {
    struct lottery_thread **link = &lottery->root;
    *parent = NULL;
    for (int bit = 62 - __builtin_clzl(number); bit >= 0; bit--) {
        *parent = *link;
        (*parent)->sum += more;
        link = &(*parent)->child[number >> bit & 1];
    }
    return link;
}

static void enqueue(struct run_queue *queue, struct thread *thread, enum ready_why why) {
    struct lottery_queue *lottery = policy_queue(struct lottery_queue, queue);
    struct lottery_thread *data = policy_thread(struct lottery_thread, thread), *parent;
    uint64_t tickets = nice_weight(thread->nice);
    (void)why;
    struct lottery_thread **link = link_to(lottery, ++lottery->count, tickets, &parent);
    *data = (struct lottery_thread){ .parent = parent, .tickets = tickets, .sum = tickets };
    *link = data;
}

// `heir`, which is in no tree, stands where `data` stood.
static void replace(struct lottery_queue *lottery, struct lottery_thread *data,
                    struct lottery_thread *heir) {
    uint64_t more = heir->tickets - data->tickets;
    struct lottery_thread *parent = data->parent;
    *heir = (struct lottery_thread){ { data->child[0], data->child[1] }, parent, heir->tickets,
                                     data->sum + more };
    *(parent ? &parent->child[parent->child[1] == data] : &lottery->root) = heir;
    for (int side = 0; side < 2; side++)
        if (heir->child[side])
            heir->child[side]->parent = heir;
    for (; parent; parent = parent->parent)
        parent->sum += more;
}

static void dequeue(struct run_queue *queue, struct thread *thread) {
    struct lottery_queue *lottery = policy_queue(struct lottery_queue, queue);
    struct lottery_thread *data = policy_thread(struct lottery_thread, thread), *parent;
    struct lottery_thread *last = *link_to(lottery, lottery->count, 0, &parent);
    *link_to(lottery, lottery->count--, -(int64_t)last->tickets, &parent) = NULL;
    if (last != data)
        replace(lottery, data, last);
}

const struct sched_policy policy_lottery = {
    .name = "lottery", .begin = begin, .pick = pick, .enqueue = enqueue, .dequeue = dequeue,
};
