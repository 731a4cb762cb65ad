// For the tests of sched/: a crowd of kernel threads and the wait for its end.
#ifndef SCHED_SCHED_TEST_H
#define SCHED_SCHED_TEST_H

// Runs `count` threads, entry(0) to entry(count - 1), and returns when all have returned.
void crowd_run(unsigned count, void (*entry)(unsigned index));

#endif
