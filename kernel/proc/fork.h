#ifndef PROC_FORK_H
#define PROC_FORK_H

#include <debug/panic.h>
#include <stdint.h>

// What clone asks for beyond a plain fork.
struct fork_request {
    uint64_t stack;             // the child's stack pointer, 0: as the parent's
    uint64_t set_tid;           // CLONE_CHILD_SETTID: where the child finds its tid, or 0
    uint64_t clear_tid;         // CLONE_CHILD_CLEARTID, or 0
    uint64_t tls;               // CLONE_SETTLS: the child's tp
    int has_tls;
};

// A copy of the calling process that returns 0 to user mode: the child's pid, or -EAGAIN (a
// limit), -ENOMEM, -ERESTART_ALWAYS. May sleep.
int64_t must_check proc_fork(const struct fork_request *request);

#endif
