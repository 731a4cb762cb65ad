// The threads of a process among each other, for the files of proc/.
#ifndef PROC_THREAD_GROUP_H
#define PROC_THREAD_GROUP_H

#include <debug/panic.h>
#include <sched/thread.h>

// Is the calling thread to end, because its process does or because another one calls execve?
bool group_is_ending(void);

// For execve: ends the other threads of the calling process and waits until they are gone. The
// caller has the pid as its tid then. 0, or -EINTR: the caller is to end itself. May sleep.
int must_check group_become_single(void);

// Gives up the locks that the calling thread holds in its memory: before it leaves its process, or
// takes another program. May sleep.
void thread_leave_locks(struct thread *self);

// Tells those who share the calling thread's memory that it leaves that: clear_child_tid, and the
// parent that waits in vfork. May sleep.
void thread_leave_space(struct thread *self);

// A parent that waits until its child needs its memory no more (CLONE_VFORK).
struct vfork {
    struct wait_queue queue;
    bool done;
};

// The wait for `child`, which knows of it since before it ran. May sleep; a fatal signal ends it.
void vfork_wait(struct vfork *vfork, struct thread *child);

#endif
