#ifndef PROC_CLONE_H
#define PROC_CLONE_H

#include <debug/panic.h>
#include <stdint.h>

// What clone and clone3 ask for (clone(2)). 0 for an address: none.
struct clone_request {
    uint64_t flags;             // CLONE_*, without the signal
    uint64_t exit_signal;       // what the parent gets when the child ends; 0: nothing
    uint64_t stack;             // the child's stack pointer; 0: as the parent's
    uint64_t parent_tid;        // CLONE_PARENT_SETTID: where the parent finds the tid
    uint64_t child_tid;         // CLONE_CHILD_SETTID, CLONE_CHILD_CLEARTID: where the child does
    uint64_t tls;               // CLONE_SETTLS: the child's tp
};

// A thread more: of the calling process (CLONE_THREAD), or the first of a new one. It returns 0 to user
// mode; the caller gets its tid, or -EINVAL, -EAGAIN (a limit), -ENOMEM, -ERESTART_ALWAYS. May
// sleep, with CLONE_VFORK until the child execs or ends.
int64_t must_check proc_clone(const struct clone_request *request);

#endif
