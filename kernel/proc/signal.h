// Signals: sending, what is done with them by default, and the way to user handlers, which a
// later chapter adds at signal_take.
#ifndef PROC_SIGNAL_H
#define PROC_SIGNAL_H

#include <abi/signal.h>
#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sync/spinlock.h>

struct proc;
struct thread;
struct trap_frame;

#define SIGNAL_COUNT 64
#define SIGNAL_BIT(signal) (1ul << ((signal) - 1))

// What a process does with each signal; counted, so that clone can share it.
struct signal_handlers {
    uint32_t refs;                          // atomic
    struct spinlock lock;
    struct sigaction actions[SIGNAL_COUNT]; // [signal - 1]
};

struct signal_handlers *signal_handlers_create(void);       // all default; NULL: no memory
struct signal_handlers *signal_handlers_copy(struct signal_handlers *from);
void signal_handlers_put(struct signal_handlers *handlers);

// Takes the pending signals of the calling thread on its way to user mode. A fatal one does not
// return. Interrupts on.
void signal_take(struct trap_frame *frame);

// A signal for the calling thread that cannot be blocked or ignored: it just did that.
void signal_force(int signal);

// Sets the action (NULL: only reads the old one into *old): 0, -EINVAL, or -ENOSYS for a user
// handler.
int must_check signal_action(int signal, const struct sigaction *action, struct sigaction *old);

// May the caller send signals to `target`? 0 or -EPERM. proc_tree_lock held.
int must_check signal_permission(struct proc *target);

// Is `signal` sent to `target` to be forgotten at once?
bool signal_ignored(const struct thread *target, int signal);

void signal_init(void);

#endif
