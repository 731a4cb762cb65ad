// Threads: what runs. sched/ knows threads only; what a thread belongs to (process, address
// space, files) hangs on it as counted objects of the folders above.
#ifndef SCHED_THREAD_H
#define SCHED_THREAD_H

#include <lib/list.h>
#include <riscv/context.h>
#include <riscv/current.h>
#include <riscv/frame.h>
#include <sched/policy.h>
#include <sched/timer.h>
#include <sched/wait.h>
#include <stdint.h>

struct cred;
struct file_table;
struct fs_context;
struct loan;
struct proc;
struct signal_handlers;
struct space;

enum thread_state {
    THREAD_NEW,                 // being built, on no queue
    THREAD_READY,               // on a run queue
    THREAD_RUNNING,
    THREAD_WAITING,             // asleep until a wake-up
    THREAD_ZOMBIE,              // has exited; its stack goes to the next thread's care
};

// Signals that were sent and not yet taken: their numbers, and what is known of them.
struct pending_signals {
    uint64_t set;               // bit (signal - 1)
    struct list queue;          // struct queued_signal of proc/, in order of arrival
};

// Through what somebody lends a thread his priority.
enum lender { LENDER_FUTEX, LENDER_LOCK, LENDERS };

#define FPU_NOWHERE UINT32_MAX

#define THREAD_MAGIC 0x7468726561640a21ul

struct thread {
    struct current current;     // first: what tp points at
    uint64_t magic;

    // sched/: guarded by the lock of the run queue of `hart`: thread_lock_queue.
    enum thread_state state;
    enum wait_mode wait_mode;   // while WAITING: what may end it
    bool on_cpu;                // its registers are in a hart, not in `context`
    union {
        struct {
            bool need_resched;          // asks for schedule() at the next safe point
            bool signal_attention;      // something may be pending: look before user mode
        };
        uint16_t wants_detour;          // either of them, for one look on the way to user mode
    };
    uint32_t hart;              // whose run queue it is or was last on
    struct list run_node;       // on its run queue while READY; else alone
    uint32_t affinity;          // the harts that may run it, a bit each
    bool counted_bound;         // as on the run queue: not AFFINITY_ALL
    bool departing;             // is dead, or goes to another hart, as soon as it is off this one
    bool policy_joined;         // its words are in terms of its run queue
    uint32_t policy_turn;       // ... and are of that turn: run_queue.h
    uint64_t policy_data[POLICY_THREAD_WORDS];
    const char *wait_name;      // while WAITING: the queue's name
    struct context context;     // where it goes on, while it does not run
    void (*entry)(void *argument);      // where it begins, if not in user mode
    void *argument;
    uint64_t user_ticks, system_ticks;  // it has run, up to queue->charged_at if it runs now
    uint64_t ready_since, waited;       // ticks: READY, and in all before
    uint64_t response;          // ticks: READY for the first time, before it ran
    uint64_t moves;             // from hart to hart
    uint64_t switches_voluntary, switches_involuntary;
    uint64_t born;              // ticks when it was made
    int nice;                   // -20 to 19; set by thread_set_scheduling
    int scheduling, real_time;  // SCHED_OTHER or another, and its sched_priority
    int lent[LENDERS];          // by those who wait for what it has; 0: nobody
    struct list loans;          // struct loan, through its locks; inherit.c's lock
    struct loan *loan_wanted;   // of the lock that it waits for, or NULL
    uint64_t faults, faults_major;  // page faults: all, and those that had to read a disk

    uint64_t stack;             // top of its kernel stack
    uint64_t stack_generation;  // when that was mapped: see hart->stack_generation
    struct trap_frame *frame;   // the user frame at the top of the stack; NULL for a kernel thread
    bool fpu_used;              // `fpu` holds a state (else it would read zeros)
    uint32_t fpu_hart;          // whose file may still hold it too; else FPU_NOWHERE, and the file is off
    struct fpu_state fpu;
    struct timer sleep_timer;   // ends a wait with a deadline
    struct list realtime_node;  // of one that waits for a time of the world's clock
    bool reclaiming;            // is inside mm/reclaim.c: must not start it again

    char name[16];
    uint32_t tid;

    // Counted objects; NULL in kernel threads. Written by the thread itself alone.
    struct proc *proc;
    struct list proc_node;      // on proc->threads
    struct space *space;
    struct file_table *files;
    struct fs_context *fs;
    struct cred *cred;
    struct signal_handlers *handlers;
    struct pending_signals pending; // sent to this thread alone; proc->lock
    uint64_t signals_blocked;   // its mask; written by the thread itself alone
    uint64_t signals_awaited;   // by sigtimedwait: they wake it although they are blocked
    uint64_t signals_saved;     // the mask to go back to, if `mask_saved`: sigsuspend, ppoll
    bool mask_saved;
    bool cpu_timed;             // somebody counts its CPU time: it looks after each quantum
    uint64_t call_a0;           // of the interrupted system call: what to run it again with
    long (*restart)(struct trap_frame *call);   // what restart_syscall does, NULL: nothing ...
    uint64_t sleep_deadline, sleep_remaining;   // ... with what it goes on with
    uint64_t signal_stack, signal_stack_size;   // sigaltstack's; size 0: none
    bool signal_stack_disarms;  // ... is none while a handler runs
    uint64_t clear_child_tid;   // user address to zero and wake at exit, or 0
    uint64_t robust_list;       // user address of the list of locks it holds, or 0
    struct list pi_owned;       // PI futexes of its that others wait for: proc/futex_pi.c
    struct pi_waiter *pi_waiter;    // its place in the line for one, or NULL
    bool pi_left;               // owns no more of them
    struct vfork *vfork;        // its parent waits until it leaves the space; or NULL
    struct alloc_fails {        // mm/heap_debug.h
        uint32_t every, left, failed;
    } alloc_fails[DEBUG_HEAP];  // none in the normal build
};

// The running thread.
static inline struct thread *thread_current(void) { return (struct thread *)current(); }

// A kernel thread that runs entry(argument) and then exits. It starts when thread_start is
// called. May sleep. NULL when memory is out.
struct thread *thread_create(const char *name, void (*entry)(void *), void *argument);

// A thread with a kernel stack and a zeroed user frame, for fork and the first process; its
// first step leads to user mode through the frame. May sleep. NULL when memory is out.
struct thread *thread_create_user(const char *name);

// Lets a NEW user thread begin with entry(argument) in the kernel, below its frame.
void thread_begin_at(struct thread *thread, void (*entry)(void *), void *argument);

// How important it is, for those who choose among threads: more comes first. SCHED_IDLE 0, the others
// 1 to 40 by niceness, real-time ones 41 to 139; or what it is lent, if that is more.
#define PRIORITY_MOST 139
int thread_priority(const struct thread *thread);

// ... of the most important that waits there; 0: nobody does.
int thread_priority_waiting(struct wait_queue *queue);

// Somebody of `priority` (0: nobody) waits for what `thread` has: did that change what counts?
bool thread_lend_priority(struct thread *thread, enum lender lender, int priority);

// What sched_setscheduler and setpriority say. The values are valid.
void thread_set_scheduling(struct thread *thread, int scheduling, int real_time, int nice);

// Lets `thread` run on the harts of `mask` alone, at least one of which is there. If it runs or waits
// on another it goes from there at once; the calling thread, on its way to user mode.
#define AFFINITY_ALL UINT32_MAX
void thread_set_affinity(struct thread *thread, uint32_t mask);

// Takes the lock that guards its scheduling data: its run queue's.
struct run_queue *thread_lock_queue(const struct thread *thread);

// Makes a NEW thread READY.
void thread_start(struct thread *thread);

// Gives back a thread that never started, or one that is dead and off its stack.
void thread_free(struct thread *thread);

// Ends the calling thread: never returns. Its memory is freed (thread_free) after its stack
// is no longer in use.
void thread_exit(void) __attribute__((noreturn));

// Makes `thread` READY if it is WAITING in a mode that `strength` may end; true if it was.
// For signals: WAIT_INTERRUPTIBLE ends interruptible waits, WAIT_KILLABLE also killable ones.
bool thread_interrupt(struct thread *thread, enum wait_mode strength);

// Gives the CPU to another ready thread, if there is one.
void thread_yield(void);

// Sleeps until `deadline` (ticks) or a signal: 0 or -EINTR.
int must_check thread_sleep_until(uint64_t deadline);

// Set by proc/: is there a signal that ends a wait of `mode` for the calling thread? Then the system
// call that it is in is to return -EINTR. Takes no locks.
extern bool (*thread_signal_check)(enum wait_mode mode);

// Is the calling thread's process being killed? Then it does not go on with what takes long. Takes no locks.
static inline bool thread_killed(void) {
    const struct thread *self = thread_current();
    return self->signal_attention && self->proc && thread_signal_check(WAIT_KILLABLE);
}

#endif
