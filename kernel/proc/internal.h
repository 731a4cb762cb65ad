// What the files of proc/ share.
#ifndef PROC_INTERNAL_H
#define PROC_INTERNAL_H

#include <proc/proc.h>
#include <proc/signal.h>
#include <proc/usage.h>

extern struct proc *proc_init;          // the first process

// A process without threads, counted once, with a fresh pid; not yet in the tree. NULL: no memory.
struct proc *proc_create(const char *name);
void proc_hold(struct proc *proc);
void proc_put(struct proc *proc);       // the last one frees it; may be called with the tree lock

// Makes it findable, a child of `parent` and a member of its group. proc_tree_lock held.
void proc_publish(struct proc *proc, struct proc *parent);

// Takes a reaped process out of the tree and the index. proc_tree_lock held.
void proc_unpublish(struct proc *proc);

// A thread that is not its process's first has a number of its own in the index, and counts as one of
// its user's: 0 or -ENOMEM/-EAGAIN, may sleep; and back, which takes proc_tree_lock.
int must_check thread_claim_tid(struct thread *thread);
void thread_free_tid(struct thread *thread);

// The live thread `tid`, no reference, with its process's lock held; NULL: none. proc_tree_lock held.
struct thread *thread_find_locked(uint32_t tid);

// The live or dead process `pid`, no reference. proc_tree_lock held.
struct proc *proc_find(uint32_t pid);

// The first process with a pid of at least *pid, which moves past it; NULL at the end. No
// reference. proc_tree_lock held.
struct proc *proc_next(uint32_t *pid);

// How many there are, zombies included.
uint64_t proc_total(void);
uint64_t proc_ever(void);               // made since boot
uint32_t proc_newest(void);             // the last number that was given out

// A thread more for the user of `proc`, unless he has `limit`: 0, -EAGAIN, -ENOMEM. May sleep.
int must_check user_charge(struct proc *proc, uint64_t limit);
// `count` less. proc_tree_lock is held.
void user_discharge(struct proc *proc, uint32_t count);
// The calling process becomes another user's: 0 or -ENOMEM. May sleep.
int must_check proc_change_user(uint32_t uid);

// Gives the calling thread another space (or none) and returns the old one. Whoever looks at a
// process's space from outside does it under proc->lock.
struct space *proc_swap_space(struct thread *self, struct space *space);

// What it executes is `file` (held, or NULL) from now on. May sleep.
void proc_set_program(struct proc *proc, struct file *file);

// The thread `tid` of a process, or NULL. proc->lock is held.
struct thread *proc_thread(struct proc *proc, uint32_t tid);
// Has the calling process such a thread?
bool proc_has_thread(uint32_t tid);

// What is pending for `thread` and not blocked. Without proc->lock only a hint.
static inline uint64_t signal_deliverable(const struct thread *thread) {
    uint64_t pending = thread->pending.set |
                       __atomic_load_n(&thread->proc->pending.set, __ATOMIC_ACQUIRE);
    return pending & ~(thread->signals_blocked & ~thread->signals_awaited);
}

// How `thread` handles `signal`, and the flags, for those who need not know both of one moment.
static inline bool signal_has_flag(const struct thread *thread, int signal, uint64_t flag) {
    return __atomic_load_n(&thread->handlers->actions[signal - 1].sa_flags, __ATOMIC_RELAXED) & flag;
}
static inline void (*signal_handler(const struct thread *thread, int signal))(int) {
    return __atomic_load_n(&thread->handlers->actions[signal - 1].sa_handler, __ATOMIC_RELAXED);
}

// Groups: leaving the last member frees it. proc_tree_lock held.
struct process_group *group_create(uint32_t id, struct session *session);
void group_join(struct proc *proc, struct process_group *group);
void group_leave(struct proc *proc);
struct process_group *group_find(uint32_t id);
// A member of `group` loses its `parent`, or (`leaving`) its own life: if that leaves the group
// orphaned, and some of it stopped, nobody else will continue them: they get SIGHUP and SIGCONT.
void group_check_orphaned(struct process_group *group, const struct proc *parent,
                          const struct proc *leaving);
struct session *session_create(uint32_t id);
void session_put(struct session *session);

#endif
