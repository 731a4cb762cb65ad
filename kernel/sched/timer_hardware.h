// Between timers and the hardware: for sched/ and boot/ only.
#ifndef SCHED_TIMER_HARDWARE_H
#define SCHED_TIMER_HARDWARE_H

#include <sched/hart.h>
#include <stdint.h>

#define DEADLINE_NEVER UINT64_MAX

// How a timer interrupt is asked for: the CLINT through SBI set_timer, or Sstc's stimecmp.
// Chosen by boot (device tree, timer=sbi) before the first timer.
extern void (*timer_hardware_set)(uint64_t deadline);
void timer_hardware_sbi(uint64_t deadline);
void timer_hardware_sstc(uint64_t deadline);

void timers_init_hart(struct hart *hart);

// Makes sure that a timer interrupt comes no later than `deadline`. Interrupts off.
//
// The hardware is set only when it would be late: one that comes early finds nothing to do
// and sets itself right. That keeps a context switch from having to touch it (an SBI call
// where there is no Sstc).
void timer_hardware_at(struct hart *hart, uint64_t deadline);
static inline void timer_hardware_at_most(struct hart *hart, uint64_t deadline) {
    if (__builtin_expect(deadline < hart->timer_set, false))
        timer_hardware_at(hart, deadline);
}

// Nothing runs: forgets a quantum that the hardware may still be set to. Interrupts off.
void timer_hardware_idle(struct hart *hart);

// The timer interrupt's work: runs what is due; the hardware is then set to the earlier of the
// next timer and `also_at`.
void timers_expire(uint64_t also_at);

#endif
