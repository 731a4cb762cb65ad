// Timers: a function called from the timer interrupt at a deadline. Each hart keeps its own
// in a heap ordered by deadline and sets the hardware to the earliest; nothing ticks.
#ifndef SCHED_TIMER_H
#define SCHED_TIMER_H

#include <lib/pairing_heap.h>
#include <stdbool.h>
#include <stdint.h>

struct timer {
    struct pairing_node node;
    uint64_t deadline;                      // in ticks of time_read()
    void (*expire)(struct timer *timer);    // in interrupt context; may arm it again
    uint32_t hart;
    bool armed;
};

void timer_init(struct timer *timer, void (*expire)(struct timer *));

// Arms `timer` on this hart (again, if it was armed). A deadline in the past fires at once.
void timer_arm(struct timer *timer, uint64_t deadline);

// Disarms it, from any hart. True if it had not fired. On return expire is not running.
bool timer_cancel(struct timer *timer);

#endif
