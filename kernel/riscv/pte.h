// Page-table entries of Sv39 (Privileged Architecture, "Sv39: Page-Based 39-bit
// Virtual-Memory System"). Constructors and questions; nobody shifts bits by hand.
#ifndef RISCV_PTE_H
#define RISCV_PTE_H

#include <riscv/layout.h>
#include <stdbool.h>
#include <stdint.h>

typedef uint64_t pte_t;

#define PTE_V (1ul << 0)        // valid
#define PTE_R (1ul << 1)
#define PTE_W (1ul << 2)
#define PTE_X (1ul << 3)
#define PTE_U (1ul << 4)        // user mode may
#define PTE_G (1ul << 5)        // in every address space
#define PTE_A (1ul << 6)        // accessed
#define PTE_D (1ul << 7)        // dirty
#define PTE_SOFT (1ul << 8)     // the first of two bits that hardware ignores

// An invalid entry that is not 0 says on which slot of the swap disks the page is.
#define PTE_SWAPPED PTE_SOFT

#define PTE_FLAGS 0x3fful
#define PTE_PER_TABLE 512

#define SATP_SV39 (8ul << 60)
#define SATP_ASID_SHIFT 44
#define SATP_ASID_MASK 0xfffful

static inline bool pte_valid(pte_t pte) { return pte & PTE_V; }
static inline bool pte_leaf(pte_t pte) { return pte & (PTE_R | PTE_W | PTE_X); }
static inline bool pte_names_table(pte_t pte) {
    return (pte & (PTE_V | PTE_R | PTE_W | PTE_X)) == PTE_V;
}
static inline uint64_t pte_phys(pte_t pte) { return (pte >> 10) << PAGE_SHIFT; }

// An entry that maps a page (or large page); flags without V.
static inline pte_t pte_make(uint64_t phys, uint64_t flags) {
    return (phys >> PAGE_SHIFT) << 10 | flags | PTE_V;
}

// An entry that leads to the next table.
static inline pte_t pte_make_table(uint64_t phys) { return (phys >> PAGE_SHIFT) << 10 | PTE_V; }

static inline bool pte_swapped(pte_t pte) { return !(pte & PTE_V) && pte & PTE_SWAPPED; }
static inline pte_t pte_make_swap(uint32_t slot) { return (pte_t)slot << 10 | PTE_SWAPPED; }
static inline uint32_t pte_swap_slot(pte_t pte) { return pte >> 10; }

static inline pte_t *pte_table(pte_t pte) { return phys_to_virt(pte_phys(pte)); }

// Index into the table of `level` (2 is the root, 0 has the 4 KiB leaves).
static inline unsigned vpn(uint64_t va, unsigned level) {
    return (va >> (PAGE_SHIFT + 9 * level)) & (PTE_PER_TABLE - 1);
}

// What one table of 4 KiB leaves covers, and what is no such region of any address.
#define LEAF_SHIFT (PAGE_SHIFT + 9)
#define LEAF_NONE UINT64_MAX

// Bytes that one entry of `level` covers.
static inline uint64_t level_size(unsigned level) { return 1ul << (PAGE_SHIFT + 9 * level); }

#endif
