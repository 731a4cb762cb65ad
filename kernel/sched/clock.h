// Time, in the kernel's unit (ticks of the `time` counter) and in the world's.
#ifndef SCHED_CLOCK_H
#define SCHED_CLOCK_H

#include <stdint.h>

#define NS_PER_SECOND 1000000000ul

void clock_init(uint64_t ticks_per_second);     // from the device tree

uint64_t ticks_to_ns(uint64_t ticks);
uint64_t ns_to_ticks(uint64_t ns);              // rounds up; saturates

uint64_t clock_monotonic_ns(void);              // since boot
uint64_t clock_monotonic_at(uint64_t ticks);    // ... at that moment
uint64_t clock_monotonic_to_ticks(uint64_t ns); // as a deadline
uint64_t clock_realtime_ns(void);               // since 1970
void clock_realtime_set(uint64_t ns);           // by the RTC driver and clock_settime
uint64_t clock_realtime_to_ticks(uint64_t ns);  // as a deadline, unless the clock is set; saturates

// Sleeps until the world's clock shows `ns`, also if it is set meanwhile: 0 or -EINTR. *deadline is, in
// ticks, when that would be as the clock was set last.
int clock_realtime_sleep(uint64_t ns, uint64_t *deadline);

#endif
