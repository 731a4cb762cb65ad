// Robust lists: the locks that a thread holds, as it says itself, so that others learn of its death
// (get_robust_list(2), and Linux's Documentation/locking/robust-futexes.rst).
#ifndef PROC_ROBUST_H
#define PROC_ROBUST_H

#include <debug/panic.h>
#include <stdint.h>

struct thread;

// Where the list of thread `tid` (0: the caller) begins, 0 if it has none: 0, -ESRCH, -EPERM.
int must_check robust_list_get(uint32_t tid, uint64_t *head);

// Marks the words of the calling thread's locks as a dead owner's and wakes one who waits for each.
// Believes nothing of what it reads. May sleep.
void robust_list_leave(struct thread *self);

#endif
