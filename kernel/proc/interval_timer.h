// Timers that send signals: setitimer's and timer_create's.
//
// A timer that has expired sends its signal with a place in the queue of its own, and runs on only
// when that is taken: however short its interval, it costs no more than its program can take. What
// it missed meanwhile is its overrun (POSIX timer_getoverrun).
#ifndef PROC_INTERVAL_TIMER_H
#define PROC_INTERVAL_TIMER_H

#include <abi/signal.h>
#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

struct interval_timer;
struct proc;

struct timer_setting {
    uint64_t value;             // ns until it expires; 0: it is not armed
    uint64_t interval;          // ns between expiries; 0: once
};

// timer_create, for the calling process: the timer's id, -EINVAL, -EAGAIN (too many), -ENOMEM.
int must_check interval_timer_create(int clock, const sigevent_t *event);

// timer_settime and timer_gettime (`setting` NULL): 0 or -EINVAL. `absolute`: the value is a time
// of its clock. *old is how it was, unless `old` is NULL. May sleep.
int must_check interval_timer_set(int id, bool absolute, const struct timer_setting *setting,
                                  struct timer_setting *old);

// timer_getoverrun of the signal that was last taken, and timer_delete: -EINVAL if there is none.
int must_check interval_timer_overrun(int id);
int must_check interval_timer_delete(int id);

// setitimer and getitimer: as interval_timer_set, and -ENOMEM.
int must_check itimer_set(int which, const struct timer_setting *setting,
                          struct timer_setting *old);

// For exec and the end of a process: timer_create's timers go, or all.
void interval_timers_delete(struct proc *proc, bool all);

// The signal of `timer` is taken, or forgotten: it runs on. *info gets the overrun. proc->lock held.
void interval_timer_taken(struct interval_timer *timer, siginfo_t *info);

// The world's clock was set: timers that wait for a time of it come then, earlier or later. May sleep.
void interval_timers_clock_set(void);

// Sends what timers that count CPU time have to send: is there any that is armed? proc->lock held.
bool must_check interval_timers_check(struct proc *proc);

#endif
