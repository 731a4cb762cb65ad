// The real-time clock: Google's goldfish RTC, nanoseconds since 1970.
#ifndef DEV_RTC_H
#define DEV_RTC_H

#include <stdint.h>

// Sets the kernel's clock from the device at `base`.
void rtc_init(volatile void *base);

// Sets the device, for clock_settime; nothing happens if the machine has none.
void rtc_set(uint64_t ns);

#endif
