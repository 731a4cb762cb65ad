// Processes: what wait, kill and limits name. A process owns threads; its children, group,
// session, credentials, pending signals, limits and exit status live here (law 5).
#ifndef PROC_PROC_H
#define PROC_PROC_H

#include <abi/resource.h>
#include <abi/signal.h>
#include <debug/panic.h>
#include <lib/list.h>
#include <proc/usage.h>
#include <sched/mutex.h>
#include <sched/thread.h>

struct tty;

struct session {
    uint32_t refs;
    uint32_t id;
    struct tty *tty;            // controlling terminal or NULL
};

struct process_group {
    uint32_t refs;
    uint32_t id;
    struct session *session;
    struct list members;        // proc->group_node
    struct list hash_node;
};

enum proc_state { PROC_ALIVE, PROC_ZOMBIE, PROC_REAPED };

struct proc {
    uint32_t refs;
    uint32_t pid;
    enum proc_state state;
    int exit_status;            // as wait4 reports it, valid for a zombie
    int exit_signal;            // what the parent gets at the end, SIGCHLD unless clone said so; or 0
    struct spinlock lock;       // pending signals, threads
    struct list threads;        // those that live, the one whose tid is the pid first
    uint32_t thread_count;      // those that have not yet given everything back
    struct thread *execing;     // waits in execve until it is the only one
    struct wait_queue threads_gone;     // ... here

    // The tree; guarded by proc_tree_lock.
    struct proc *parent;
    struct list children, sibling;
    struct process_group *group;
    struct list group_node;
    struct list hash_node;
    struct wait_queue child_exit;       // wait4 sleeps here

    struct pending_signals pending;     // sent to the process as a whole
    uint32_t signals_queued;            // entries in its queue and those of its threads
    struct list timers;                 // struct interval_timer
    struct mutex timers_mutex;
    int timer_next_id;
    uint64_t cpu_warned;                // the second of CPU time that was last looked at
    int stop_signal;                    // it stops, or has stopped, by this one; 0: it runs
    uint32_t threads_stopped;           // how many have come to rest
    bool stop_allowed;                  // a stop signal was taken, and no SIGCONT sent since
    bool stopped, continued;            // ... completely; the parent is to hear of SIGCONT
    int wait_status;                    // what wait has not been told: stopped, continued, or 0
    struct wait_queue resume;           // stopped threads wait here
    bool exiting;                       // the end of all threads has been decided
    uint32_t charges;                   // threads that count as `user`'s
    uint32_t user;                      // real uid
    uint64_t missed_calls[7];           // a bit for each unimplemented call that was logged
    bool has_executed;                  // has called execve: setpgid is for before that
    struct rlimit limits[16];
    struct usage used;                  // by threads that have ended
    struct usage children_used;         // by children that were waited for, and theirs
    char name[16];
    uint64_t born;                      // ticks
    struct file *program;               // what it executes, held; NULL: none, or it has exited
};

extern struct spinlock proc_tree_lock;

static inline struct proc *proc_current(void) { return thread_current()->proc; }

// A thread that stands for the process when others look at it: the leader while it lives. It has all
// that a thread has. NULL when none lives. proc->lock held.
static inline struct thread *proc_main_thread(const struct proc *proc) {
    return list_empty(&proc->threads) ? NULL : list_first(&proc->threads, struct thread, proc_node);
}

// For those who look at processes by their pid. Is there one; the first from `pid` on (0: none);
// whose it is (false: nobody's); its address space, held (NULL: it has none, or is gone).
bool proc_exists(uint32_t pid);
uint32_t proc_exists_from(uint32_t pid);
bool proc_owner(uint32_t pid, uint32_t *uid, uint32_t *gid);
struct space *proc_space_hold(uint32_t pid);

// Sends `signal` to a process, as from the kernel; never sleeps; callable from interrupts.
void proc_signal(struct proc *proc, int signal);

// Sends `signal` to the calling thread, which has just earned it (SIGPIPE).
void thread_signal(int signal);

// The system call that the calling thread is in is to be run again when the signals that it was just
// sent have been taken: -EINTR, to be returned.
int must_check signal_interrupts(void);

// Sends `signal` to every member of the group `id`: 0 or -ESRCH. Callable from interrupts.
int process_group_signal(uint32_t id, int signal);

// Sends `signal` to the leader of the session `id`, if it is still there.
void session_leader_signal(uint32_t id, int signal);

// Is there a group `id` within session `session_id`?
bool process_group_in_session(uint32_t id, uint32_t session_id);

// The calling process's ids.
uint32_t proc_group_id(void);
uint32_t proc_session_id(void);
bool proc_is_session_leader(void);

// Is the caller's group orphaned: has nobody in its session who could continue it (POSIX 3.264)?
bool proc_group_is_orphaned(void);

// The controlling terminal of the caller's session, or NULL, to compare with; or to use, when `hold`
// has been called for it. Setting it is tty/'s business: what it was before comes back.
struct tty *proc_session_tty(void);
struct tty *proc_session_tty_hold(void (*hold)(struct tty *));
struct tty *proc_session_set_tty(struct tty *tty);

// Set by tty/: the leader of session `id`, whose terminal is `tty`, exits. Called without locks;
// must not sleep.
extern void (*proc_session_end)(struct tty *tty, uint32_t id);

// Set by tty/: a terminal's device number and foreground group. Takes no locks; proc_tree_lock is held.
extern void (*proc_tty_look)(const struct tty *tty, uint32_t *device, uint32_t *foreground);

// Does the calling thread ignore or block `signal`? (Background reads ask.)
bool proc_signal_ignored_or_blocked(int signal);

// The calling thread's descriptors are its own from here on: 0 or -ENOMEM. May sleep.
int must_check proc_unshare_files(void);

// RLIMIT_x (soft) of the calling process.
uint64_t proc_limit(unsigned resource);

#endif
