// Windows onto devices in the kernel's half of the address space.
#ifndef MM_DEVICE_MAP_H
#define MM_DEVICE_MAP_H

#include <stdint.h>

// Maps [phys, phys+size) readable and writable for good: its kernel address, or NULL when
// memory or the window region is out. Boot only.
void *device_map(uint64_t phys, uint64_t size);

#endif
