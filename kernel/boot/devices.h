// The devices that the tree describes, found and started.
#ifndef BOOT_DEVICES_H
#define BOOT_DEVICES_H

// The PLIC, the console, the test finisher and the random pool, as `platform` says. On the
// boot hart, before any other runs, with the heap and device_map at work and interrupts off;
// the boot hart's PLIC context is open afterwards.
void devices_init_early(void);

// The clock and all virtio devices. In a thread, once interrupts flow.
void devices_init(void);

#endif
