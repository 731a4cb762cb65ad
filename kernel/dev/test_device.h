// The end of the machine: QEMU's test finisher (sifive,test), or the firmware.
#ifndef DEV_TEST_DEVICE_H
#define DEV_TEST_DEVICE_H

#include <stdint.h>

// `base`: the mapped register, or NULL if the machine has none.
void test_device_init(volatile void *base);

// Sends what the console still holds and powers off; `status` becomes QEMU's exit status (0 to
// 255; without the device it is always 0). Callable anywhere, also in a panic.
void machine_exit(int status) __attribute__((noreturn));

// The same, but starts the machine again.
void machine_reboot(void) __attribute__((noreturn));

#endif
