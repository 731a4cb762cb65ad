// Signals within the kernel: actions, the queues of what is pending, sending, and what the
// receiving thread does on its way to user mode. What other folders need is in proc.h.
//
// A system call that a signal interrupts returns one of the codes below; signal_take turns it into
// -EINTR, or lets the call run again (POSIX sigaction, SA_RESTART).
//   -EINTR                 nothing has happened: again if no handler runs, or one with SA_RESTART
//   -ERESTART_ALWAYS       again in any case
//   -ERESTART_NO_HANDLER   again only if no handler runs: what waits for a handler
//   -ERESTART_SLEEP        the same through restart_syscall, which knows how long is left
// -ERESTART_NEVER is -EINTR for the program whatever happens.
#ifndef PROC_SIGNAL_H
#define PROC_SIGNAL_H

#include <abi/signal.h>
#include <debug/panic.h>
#include <lib/list.h>
#include <stdbool.h>
#include <stdint.h>
#include <sync/spinlock.h>

struct interval_timer;
struct pending_signals;
struct proc;
struct thread;
struct trap_frame;

#define SIGNAL_COUNT 64
#define SIGNAL_BIT(signal) (1ul << ((signal) - 1))
#define SIGNALS_UNBLOCKABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))
#define SIGNALS_THAT_STOP \
    (SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

// Never seen by programs, so outside the range of errno.h's names.
enum {
    ERESTART_ALWAYS = 513, ERESTART_NO_HANDLER = 514, ERESTART_SLEEP = 516, ERESTART_NEVER = 517,
};

// What a process does with each signal; counted, so that clone can share it.
struct signal_handlers {
    uint32_t refs;                          // atomic
    struct spinlock lock;                   // within proc->lock
    struct sigaction actions[SIGNAL_COUNT]; // [signal - 1]
};

// What is known of a pending signal.
struct queued_signal {
    struct list node;
    siginfo_t info;
    struct interval_timer *timer;   // of which it is a part; NULL: on the heap
};

// --- signal_action.c

struct signal_handlers *signal_handlers_create(void);       // all default; NULL: no memory
struct signal_handlers *signal_handlers_hold(struct signal_handlers *handlers);
struct signal_handlers *signal_handlers_copy(struct signal_handlers *from);
bool signal_handlers_are_shared(const struct signal_handlers *handlers);
void signal_handlers_put(struct signal_handlers *handlers);

// For exec: user handlers make no sense in a new program; what is ignored stays so (POSIX exec).
void signal_handlers_reset(struct signal_handlers *handlers);

// What is done with `signal`: by the handlers of `thread`, by default.
struct sigaction signal_action_get(const struct thread *thread, int signal);
enum signal_default { DEFAULT_END, DEFAULT_IGNORE, DEFAULT_STOP } signal_default(int signal);

// Sets the action (NULL: only reads the old one into *old): 0, -EINVAL, or -ENOMEM (no room for
// what a handler returns through). May sleep.
int must_check signal_action(int signal, const struct sigaction *action, struct sigaction *old);

// The calling thread's mask. What it blocks now is offered to the process's other threads.
void signal_mask_set(uint64_t blocked);

// Somebody else may take what was meant for `thread` until now. proc->lock is held.
void signal_offer(struct thread *thread, uint64_t signals);

// A mask for the length of one system call, and back to the old one. A call that returns an
// -ERESTART code leaves the way back to signal_take.
void signal_mask_for_call(uint64_t blocked);
void signal_mask_restore(void);

// --- signal_queue.c: proc->lock is held

// Adds a signal. One that needs a place in the queue and does not get it (RLIMIT_SIGPENDING, no
// memory) is pending without its info, but sigqueue's fails: 0 or -EAGAIN.
int must_check signal_queue_add(struct proc *proc, struct pending_signals *pending,
                                const siginfo_t *info);

// Takes the next of the `wanted` off; false: none of them is pending.
bool signal_queue_take(struct proc *proc, struct pending_signals *pending, uint64_t wanted,
                       siginfo_t *info);

// Adds a timer's, which must not be queued; takes it off again, if it still is.
void signal_queue_put(struct pending_signals *pending, struct queued_signal *entry);
void signal_queue_withdraw(struct proc *proc, struct queued_signal *entry);

// Forgets all of `signals`.
void signal_queue_flush(struct proc *proc, struct pending_signals *pending, uint64_t signals);
// ... in the process and each of its threads.
void signal_flush_all(struct proc *proc, uint64_t signals);

// --- signal_send.c

// Sends to a process, or to one thread of it that cannot go away (proc->lock not held): 0 or
// -EAGAIN. Never sleeps.
int must_check signal_send(struct proc *proc, struct thread *thread, const siginfo_t *info);
int must_check signal_send_locked(struct proc *proc, struct thread *thread, const siginfo_t *info);

// Sends what a timer has to a process, or (tid not 0) one thread of it, if there is such a one. It is
// sent even if it is ignored: its timer waits for somebody to take it. proc->lock is held.
void signal_send_queued(struct proc *proc, uint32_t tid, struct queued_signal *entry);

// kill's and tgkill's info.
siginfo_t signal_info_user(int signal, int code);

// A signal for the calling thread that cannot be blocked or ignored: it just did that. Does it have a
// handler?
bool signal_force(const siginfo_t *info);

// Makes `thread` look at what it has, if there is something. proc->lock is held.
void signal_notify(struct thread *thread, bool fatal);

// Would `thread` take `signal` now?
bool signal_wanted(const struct thread *thread, int signal);

// Forgets what is pending for a thread that has left its process's list; what is pending for the process
// is left to the others, or forgotten if there are none. proc->lock is held.
void signal_thread_leaves(struct thread *thread);

// --- signal_take.c

// Takes the pending signals of the calling thread on its way to user mode: handlers' frames are
// built on its stack. A fatal one does not return. Interrupts on; may sleep.
void signal_take(struct trap_frame *frame);

void signal_init(void);

// --- signal_frame.c

// Makes the calling thread enter the handler of `action` with `info`; `mask` is what it goes back to.
// False: no room on its stack.
bool must_check signal_frame_push(struct trap_frame *frame, const struct sigaction *action,
                                  const siginfo_t *info, uint64_t mask);

// rt_sigreturn: back to where the frame on the stack says. A bad frame is SIGSEGV.
void signal_frame_pop(struct trap_frame *frame);

// sigaltstack: 0, -EPERM (the caller is on it), -EINVAL, -ENOMEM (too small).
int must_check signal_stack_set(const stack_t *stack);
stack_t signal_stack_get(void);

// The page that handlers return through.
int must_check signal_trampoline_map(void);     // 0 or -ENOMEM; may sleep
void signal_trampoline_init(void);              // boot, when there are file systems

// --- signal_wait.c

// sigsuspend: -ERESTART_NO_HANDLER. sigtimedwait until `deadline`: the signal, -EAGAIN,
// -ERESTART_NEVER. May sleep.
int must_check signal_suspend(uint64_t mask);
int must_check signal_await(uint64_t set, uint64_t deadline, siginfo_t *info);

// May the caller send `signal` to `target`? 0 or -EPERM. proc_tree_lock held.
int must_check signal_permission(struct proc *target, int signal);

#endif
