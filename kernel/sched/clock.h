// Time, in the kernel's unit (ticks of the `time` counter) and in the world's.
#ifndef SCHED_CLOCK_H
#define SCHED_CLOCK_H

#include <stdint.h>

struct thread;

#define NS_PER_SECOND 1000000000ul

void clock_init(uint64_t ticks_per_second);     // from the device tree

uint64_t ticks_to_ns(uint64_t ticks);
uint64_t ns_to_ticks(uint64_t ns);              // rounds up; saturates, and may be added to a time then

#define CLOCK_TICKS 100                         // a second: AT_CLKTCK
uint64_t clock_ticks(uint64_t ticks);           // ... as programs count them

uint64_t clock_monotonic_ns(void);              // since boot
uint64_t clock_monotonic_at(uint64_t ticks);    // ... at that moment
uint64_t clock_monotonic_to_ticks(uint64_t ns); // as a deadline
uint64_t clock_realtime_ns(void);               // since 1970
void clock_realtime_set(uint64_t ns);           // by the RTC driver and clock_settime
uint64_t clock_realtime_to_ticks(uint64_t ns);  // as a deadline, unless the clock is set; saturates

// For wait.c: until it leaves, the calling thread, WAITING, is woken each time the world's clock is set.
// As it is set now, that shows `ns` at the tick that is returned.
uint64_t clock_realtime_join(struct thread *self, uint64_t ns);
void clock_realtime_leave(struct thread *self);

#endif
