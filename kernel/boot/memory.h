#ifndef BOOT_MEMORY_H
#define BOOT_MEMORY_H

// Hands the RAM that the device tree lists, without what is reserved, to the frame allocator,
// starts the heap and switches to the kernel's own page tables. Returns NULL, or a sentence that
// says why the machine, as the tree describes it, cannot be used.
const char *memory_init(void);

#endif
