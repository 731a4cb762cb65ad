// Control and status registers of S-mode, and the few instructions that go with them.
// Field names and positions: RISC-V Privileged Architecture, chapter "Supervisor-Level ISA".
#ifndef RISCV_CSR_H
#define RISCV_CSR_H

#include <stdbool.h>
#include <stdint.h>

#define SSTATUS_SIE  (1ul << 1)     // interrupts enabled in S-mode
#define SSTATUS_SPIE (1ul << 5)     // SIE before the trap
#define SSTATUS_SPP  (1ul << 8)     // the trap came from S-mode
#define SSTATUS_FS   (3ul << 13)    // state of the floating-point registers
#define SSTATUS_FS_OFF     (0ul << 13)
#define SSTATUS_FS_INITIAL (1ul << 13)
#define SSTATUS_FS_CLEAN   (2ul << 13)
#define SSTATUS_FS_DIRTY   (3ul << 13)
#define SSTATUS_SUM  (1ul << 18)    // S-mode may touch U pages: never set here (law 3)
#define SSTATUS_MXR  (1ul << 19)

#define SIE_SSIE (1ul << 1)         // software (inter-hart) interrupt
#define SIE_STIE (1ul << 5)         // timer
#define SIE_SEIE (1ul << 9)         // external (PLIC)

#define SCAUSE_INTERRUPT (1ul << 63)

enum exception_code {
    EXC_FETCH_MISALIGNED = 0, EXC_FETCH_ACCESS = 1, EXC_ILLEGAL = 2, EXC_BREAKPOINT = 3,
    EXC_LOAD_MISALIGNED = 4, EXC_LOAD_ACCESS = 5, EXC_STORE_MISALIGNED = 6,
    EXC_STORE_ACCESS = 7, EXC_ECALL_U = 8, EXC_ECALL_S = 9,
    EXC_FETCH_PAGE = 12, EXC_LOAD_PAGE = 13, EXC_STORE_PAGE = 15,
    EXC_COUNT = 16,
};

enum interrupt_code { IRQ_SOFTWARE = 1, IRQ_TIMER = 5, IRQ_EXTERNAL = 9, IRQ_COUNT = 16 };

#define csr_read(name)                                              \
    ({ uint64_t csr_value;                                          \
       __asm__ volatile("csrr %0, " #name : "=r"(csr_value));       \
       csr_value; })
#define csr_write(name, value)                                      \
    __asm__ volatile("csrw " #name ", %0" ::"rK"(value) : "memory")
#define csr_set(name, bits)                                         \
    __asm__ volatile("csrs " #name ", %0" ::"rK"(bits) : "memory")
#define csr_clear(name, bits)                                       \
    __asm__ volatile("csrc " #name ", %0" ::"rK"(bits) : "memory")

// Turns interrupts off on this hart: SSTATUS_SIE if they were on, else 0.
static inline uint64_t irq_disable(void) {
    uint64_t old;
    __asm__ volatile("csrrci %0, sstatus, 2" : "=r"(old)::"memory");
    return old & SSTATUS_SIE;
}

static inline void irq_enable(void) { csr_set(sstatus, SSTATUS_SIE); }

static inline void irq_restore(bool were_on) {
    if (were_on)
        irq_enable();
}

static inline bool irq_enabled(void) { return csr_read(sstatus) & SSTATUS_SIE; }

// Stops the hart until an interrupt is pending, whether or not interrupts are enabled.
static inline void hart_wait(void) { __asm__ volatile("wfi" ::: "memory"); }

// A hint for a spin loop.
static inline void hart_relax(void) { __asm__ volatile("nop" ::: "memory"); }

// The `time` counter, in ticks of the device tree's timebase-frequency.
static inline uint64_t time_read(void) { return csr_read(time); }

// Local translation fences: one page of any space; all of an address space but global entries;
// everything.
static inline void tlb_flush_page(uint64_t va) {
    __asm__ volatile("sfence.vma %0, zero" ::"r"(va) : "memory");
}
static inline void tlb_flush_asid(uint64_t asid) {
    __asm__ volatile("sfence.vma zero, %0" ::"r"(asid) : "memory");
}
static inline void tlb_flush_all(void) { __asm__ volatile("sfence.vma" ::: "memory"); }

// Makes code written through the direct map visible to this hart's instruction fetch.
static inline void icache_flush(void) { __asm__ volatile("fence.i" ::: "memory"); }

// Orders memory against devices in both directions.
static inline void io_fence(void) { __asm__ volatile("fence iorw, iorw" ::: "memory"); }

#endif
