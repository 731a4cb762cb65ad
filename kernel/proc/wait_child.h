// Waiting for children: how they end, stop and go on.
#ifndef PROC_WAIT_CHILD_H
#define PROC_WAIT_CHILD_H

#include <abi/signal.h>
#include <debug/panic.h>
#include <proc/usage.h>
#include <stdint.h>

struct proc;

struct wait_result {
    uint32_t pid;               // 0: WNOHANG, and there is nothing to tell
    uint32_t uid;
    int status;                 // as wait4 reports it
    struct usage used;
};

// Waits for a child among those that `type` (P_ALL, P_PID, P_PGID; 0 for the caller's own group)
// and `id` name to end (WEXITED), stop (WSTOPPED) or go on (WCONTINUED): 0, -ECHILD, -EINTR, -EINVAL.
// It is told once, unless with WNOWAIT; a dead child is reaped by that. May sleep.
int must_check proc_wait(int type, uint32_t id, int options, struct wait_result *result);

// What waitid and SIGCHLD say of a child whose status is `status`.
siginfo_t wait_info(uint32_t pid, uint32_t uid, int status);

// The status of `child` has changed: wakes who waits for it and sends SIGCHLD. proc_tree_lock held.
void wait_notify(struct proc *child, int status);

#endif
