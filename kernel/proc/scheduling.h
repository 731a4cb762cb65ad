// How the scheduler is to treat a thread: what sched_setscheduler and sched_setaffinity say of it. A
// thread is named by its tid, 0: the caller. None of these sleeps.
#ifndef PROC_SCHEDULING_H
#define PROC_SCHEDULING_H

#include <debug/panic.h>
#include <stdint.h>

// The real-time priorities that a SCHED_* value allows: false if there is no such value.
bool scheduling_range(int scheduling, int *least, int *most);

#define SCHEDULING_KEEP (-1)            // as it is

// SCHED_FIFO, SCHED_RR and SCHED_IDLE are -EINVAL unless the policy in force is strict; who has one when
// another is chosen keeps it, and it counts when a strict one is chosen again.
// 0, -EINVAL, -ESRCH, -EPERM (another user's, or more than RLIMIT_RTPRIO allows).
int must_check scheduling_set(uint32_t tid, int scheduling, int real_time);
int must_check scheduling_get(uint32_t tid, int *scheduling, int *real_time);   // 0 or -ESRCH

// Masks of harts by index. 0, -EINVAL (no such hart is in it), -ESRCH, -EPERM.
int must_check affinity_set(uint32_t tid, uint64_t mask);
int must_check affinity_get(uint32_t tid, uint64_t *mask);                      // 0 or -ESRCH

#endif
