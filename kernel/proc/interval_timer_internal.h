// Timers that send signals, or wake who sleeps until a clock of CPU time shows a time: for the files
// that are about them alone.
#ifndef PROC_INTERVAL_TIMER_INTERNAL_H
#define PROC_INTERVAL_TIMER_INTERNAL_H

#include <proc/cpu_time.h>
#include <proc/internal.h>
#include <proc/interval_timer.h>
#include <sched/timer.h>
#include <sched/wait.h>

struct interval_timer {
    struct queued_signal signal;
    struct timer timer;         // runs while it is armed and its clock is the world's
    struct proc *proc;
    struct list node;           // on proc->timers; that list: proc->timers_mutex, proc->lock to change
    int id;                     // below 0: not timer_create's
    int clock;
    bool counts_cpu;            // `cpu_clock`, and not `clock`
    bool silent;                // SIGEV_NONE
    uint32_t tid;               // whom SIGEV_THREAD_ID names, else 0
    struct cpu_clock cpu_clock; // claimed
    struct wait_queue *sleeper; // one who waits instead of a signal, or NULL
    int overrun;
    uint64_t next;              // ticks of its clock when it expires; 0: it is not armed
    uint64_t interval;          // ticks
    uint64_t wall;              // the time of CLOCK_REALTIME that it waits for, in ns; 0: it counts ticks
};

// The ids of setitimer's, and of those who sleep.
#define ITIMER_ID(which) (-1 - (which))
#define SLEEPER_ID (-4)

// Ticks until it expires next; 0: it is not armed. proc->lock is held.
uint64_t interval_timer_left(const struct interval_timer *timer);

// Reads one, and (`setting` not NULL) sets it; or only takes its alarm and signal back. `old` may be
// NULL. proc->timers_mutex is held; both may sleep.
void interval_timer_change(struct interval_timer *timer, bool absolute,
                           const struct timer_setting *setting, struct timer_setting *old);
void interval_timer_disarm(struct interval_timer *timer, struct timer_setting *old);

// What `timer` calls, in its interrupt.
void interval_timer_real_expire(struct timer *timer);

#endif
