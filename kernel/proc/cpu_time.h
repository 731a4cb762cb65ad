// The clocks of CPU time, and what depends on them: RLIMIT_CPU, timers, and those who sleep until one
// shows a time.
//
// A thread whose `cpu_timed` is set looks after each quantum, and each time it has been switched away:
// nobody else pays for it.
#ifndef PROC_CPU_TIME_H
#define PROC_CPU_TIME_H

#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

struct proc;

// The time of a process or thread, or the program's own part of it.
struct cpu_clock {
    uint32_t id;                // its pid or tid; 0: the caller's
    bool of_thread, user_only;
};

// What programs call it: the complement of a pid or tid above three bits (Linux; clock_getcpuclockid
// makes it), CLOCK_PROCESS_CPUTIME_ID or CLOCK_THREAD_CPUTIME_ID. Is it one of those?
bool must_check cpu_clock_decode(int id, struct cpu_clock *clock);

// Its time in ticks: 0, or -EINVAL: there is none, or it is a thread's of another process.
int must_check cpu_clock_read(const struct cpu_clock *clock, uint64_t *ticks);

// Names one of the calling process by its number: 0, or -EINVAL: it is another's.
int must_check cpu_clock_claim(struct cpu_clock *clock);

// Sleeps until a clock of the calling process, but not of the calling thread, shows `until`, in ticks:
// 0, -EINTR (*left to go), -EINVAL.
int must_check cpu_clock_sleep(const struct cpu_clock *clock, uint64_t until, uint64_t *left);

// What a clock that was claimed shows; 0, before all times that are waited for, when its thread has
// ended. proc->lock is held.
uint64_t cpu_clock_ticks(struct proc *proc, const struct cpu_clock *clock);

// Ticks that all threads of a process have run, or (user) the program's own part of them.
// proc->lock is held.
uint64_t proc_cpu_ticks(const struct proc *proc, bool user);

// From now on the threads of a process look, as long as there is something to look for. proc->lock
// is held.
void cpu_time_watch(struct proc *proc);

// The calling thread looks.
void cpu_time_check(void);

#endif
