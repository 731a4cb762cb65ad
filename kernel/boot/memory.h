#ifndef BOOT_MEMORY_H
#define BOOT_MEMORY_H

// Hands the RAM that the device tree lists, without what is reserved, to the frame allocator,
// starts the heap and switches to the kernel's own page tables.
void memory_init(void);

#endif
