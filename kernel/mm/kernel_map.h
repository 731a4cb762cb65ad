// The kernel's own half of the address space (law 2), shared by all page tables.
#ifndef MM_KERNEL_MAP_H
#define MM_KERNEL_MAP_H

#include <riscv/pte.h>
#include <stdint.h>

extern pte_t *kernel_root;

// Boot: builds the tables (direct map of [start, end) per range by kernel_map_ram, image W^X,
// empty device and stack regions) and switches this hart to them.
void kernel_map_init(void);
void kernel_map_ram(uint64_t start, uint64_t end);
void kernel_map_activate(void);

// satp for the kernel's root, for harts that start.
uint64_t kernel_satp(void);

// Maps one zeroed-or-not frame of kernel memory at `va` (stacks): 0 or -ENOMEM.
int kernel_map_page(uint64_t va, uint64_t phys);

#endif
