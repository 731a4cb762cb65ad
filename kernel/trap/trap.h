// The dispatch behind the door: two tables indexed by scause, and the way back to user mode.
// entry.S calls the functions; nobody else does.
#ifndef TRAP_TRAP_H
#define TRAP_TRAP_H

struct trap_frame;

// A trap from user mode for `cause`, interrupts off. Returns when the frame may be returned to.
void trap_from_user(struct trap_frame *frame, uint64_t cause);

// A trap from the kernel itself: an interrupt, or a bug.
void trap_from_kernel(struct trap_frame *frame);

// What has to be done before user mode: give up the CPU, take signals. Interrupts are off when
// it returns. A new thread's first way out too.
void trap_leave_to_user(void);

// The kernel stack is used up; `frame` is on the emergency stack. Reports and stops.
void trap_stack_overflow(struct trap_frame *frame) __attribute__((noreturn));

#endif
