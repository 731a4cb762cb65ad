// The first instructions: firmware enters here in S-mode with paging off, at physical
// addresses, on any hart (SBI HSM specification, "hart start").
//
// Paging is switched on by a fault: stvec is pointed at a high address and satp written; the
// next fetch, still at the physical address, finds no mapping and traps to the high half.
// So no identity map exists even for a moment.
#include <riscv/layout.h>

#define GIGAPAGE_RW_GLOBAL  0xe7        // D A G - W R V
#define GIGAPAGE_RWX_GLOBAL 0xef        // D A G X W R V
#define SATP_SV39 (8 << 60)
#define HARTS_MAX 8                     // as sched/hart.h

.macro paging_on satp, high_label_literal, scratch
    ld \scratch, \high_label_literal
    csrw stvec, \scratch
    sfence.vma
    csrw satp, \satp
    // Here the fetch faults; should the hart have fetched ahead, it waits for the fault.
9:  j 9b
.endm

.section .text.boot, "ax"

// a0: hart id, a1: physical address of the device tree.
.globl _start
_start:
    csrw sie, zero
    mv s0, a0
    mv s1, a1
    lla t0, boot_lottery
    li t1, 1
    amoswap.w.aq t1, t1, (t0)
    bnez t1, start_late

    // boot_root: the direct map as 128 gigapages, and the image's gigapage.
    lla t0, boot_root
    li t1, GIGAPAGE_RW_GLOBAL
    li t2, 128
    li t3, 8 * 256
    add t3, t3, t0
1:  sd t1, 0(t3)
    li t4, 1 << 28                      // 1 GiB in a PTE's frame number field
    add t1, t1, t4
    addi t3, t3, 8
    addi t2, t2, -1
    bnez t2, 1b
    lla t1, _start
    srli t1, t1, 30
    slli t1, t1, 28
    ori t1, t1, GIGAPAGE_RWX_GLOBAL
    li t3, 8 * 510
    add t3, t3, t0
    sd t1, 0(t3)

    srli t0, t0, 12
    li t1, SATP_SV39
    or t0, t0, t1
    paging_on t0, boot_high_address, t1

// A hart that comes here although another has won: OpenSBI 1.1 marks a hart as started before it
// has written down where, and a hart that looks just then goes to the first address it was told,
// this one. Its record is there already, since it is written before the firmware is called.
start_late:
    lla a1, hart_starts
    li t2, HARTS_MAX
    addi t1, a0, 1
1:  ld t0, 24(a1)
    fence r, rw
    beq t0, t1, _start_secondary
    addi a1, a1, 32
    addi t2, t2, -1
    bnez t2, 1b
    j start_late

// The other harts: a0: hart id, a1: physical address of a struct hart_start (boot/harts.c).
.globl _start_secondary
_start_secondary:
    csrw sie, zero
    ld t0, 0(a1)                        // satp of the kernel's root
    ld s0, 8(a1)                        // its idle thread
    ld s1, 16(a1)                       // ... and that thread's stack
    paging_on t0, secondary_high_address, t1

.balign 8
boot_high_address:      .dword boot_high
secondary_high_address: .dword secondary_high

.section .text
.balign 4
boot_high:
    lla t0, trap_vector
    csrw stvec, t0
    csrw sscratch, zero
    lla sp, boot_stack_top
    lla tp, boot_thread
    mv a0, s0
    mv a1, s1
    // A call chain ends where the return address is 0; fp is s0.
    li ra, 0
    mv fp, zero
    lla t0, _start
    li t1, IMAGE_BASE
    call boot_main

.balign 4
secondary_high:
    lla t0, trap_vector
    csrw stvec, t0
    csrw sscratch, zero
    mv tp, s0
    mv sp, s1
    li ra, 0
    mv fp, zero
    call boot_secondary

.section .data
.balign 4
boot_lottery:                           // 0 until the first hart has come
    .word 0

.section .bss
.balign 4096
.globl boot_root
boot_root:
    .skip 4096

// The boot stack obeys the rule for kernel stacks: the upper half of an aligned slot. The
// lower half is its guard, which for this one stack is checked but not unmapped.
.balign 2 * STACK_SIZE
.globl boot_emergency_top
    .skip STACK_SIZE
boot_emergency_top:
.globl boot_stack
boot_stack:
    .skip STACK_SIZE
.globl boot_stack_top
boot_stack_top:
