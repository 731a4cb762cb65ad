// The scheduling policies that there are: a line for each, which is a file that defines policy_NAME.
#ifndef SCHED_POLICIES_H
#define SCHED_POLICIES_H

#include <sched/policy.h>

#define SCHED_POLICIES(POLICY) \
    POLICY(round_robin)        \
    POLICY(mlfq)               \
    POLICY(lottery)            \
    POLICY(stride)             \
    POLICY(priority)           \
    POLICY(fair)

#define SCHED_POLICY_DECLARE(name) extern const struct sched_policy policy_##name;
SCHED_POLICIES(SCHED_POLICY_DECLARE)

#endif
