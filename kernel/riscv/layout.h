// Where things are in every address space (law 2).
//
//   0x00000000_00000000  user space, 256 GiB                  (differs between spaces)
//   0xffffffc0_00000000  direct map: physical address 0 up,   (the same in all of them,
//                        large pages, never executable         the kernel's own tables)
//   0xffffffe0_00000000  device windows
//   0xfffffff0_00000000  kernel stacks, in guarded slots
//   0xffffffff_80000000  the kernel image, W^X
#ifndef RISCV_LAYOUT_H
#define RISCV_LAYOUT_H

#define PAGE_SHIFT 12
#define PAGE_SIZE  4096

#define USER_LIMIT    0x0000003ffffff000        // one page below the end: a guard for pc+4
#define USER_BITS     38                        // ... which no page of the user's lies in
#define DIRECT_BASE   0xffffffc000000000
#define DIRECT_LIMIT  0xffffffe000000000
#define DEVICE_BASE   0xffffffe000000000
#define DEVICE_LIMIT  0xffffffe040000000
#define STACKS_BASE   0xfffffff000000000
#define STACKS_LIMIT  0xfffffff200000000
#define IMAGE_BASE    0xffffffff80000000

// A kernel stack is the mapped upper half of a slot of twice its size (law 1).
#define STACK_SHIFT 14
#define STACK_SIZE  (1 << STACK_SHIFT)

#ifndef __ASSEMBLER__
#include <stdint.h>

static inline void *phys_to_virt(uint64_t phys) { return (void *)(phys + DIRECT_BASE); }
// Of an address in the direct map only; not of the kernel image, a stack or a device.
static inline uint64_t virt_to_phys(const void *virt) { return (uint64_t)virt - DIRECT_BASE; }

static inline uint64_t page_floor(uint64_t address) { return address & ~(uint64_t)(PAGE_SIZE - 1); }
static inline uint64_t page_ceil(uint64_t address) { return page_floor(address + PAGE_SIZE - 1); }
#endif

#endif
