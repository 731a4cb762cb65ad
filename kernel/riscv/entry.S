// The door (law 1): the only way into the kernel, and the only way out.
//
// sscratch holds the top of the running thread's kernel stack while the hart is in U-mode,
// and 0 while it is in S-mode. So one swap tells where a trap came from, and gives a stack.
#include <gen/offsets.h>
#include <riscv/layout.h>

#define SSTATUS_SPP 0x100

// Unwinding information: `reg` (DWARF number) was saved in the frame that sp points at.
.macro saved number, offset
    .cfi_offset \number, \offset - FRAME_SIZE
.endm

// Saves what both ways in share; sp points at the frame, its own old value is in t0's place
// afterwards because the caller stores it. Leaves the cause in a1.
.macro save_registers
    sd ra, FRAME_ra(sp)
    sd gp, FRAME_gp(sp)
    sd t0, FRAME_t0(sp)
    sd t1, FRAME_t1(sp)
    sd t2, FRAME_t2(sp)
    sd s0, FRAME_s0(sp)
    sd s1, FRAME_s1(sp)
    sd a0, FRAME_a0(sp)
    sd a1, FRAME_a1(sp)
    sd a2, FRAME_a2(sp)
    sd a3, FRAME_a3(sp)
    sd a4, FRAME_a4(sp)
    sd a5, FRAME_a5(sp)
    sd a6, FRAME_a6(sp)
    sd a7, FRAME_a7(sp)
    sd s2, FRAME_s2(sp)
    sd s3, FRAME_s3(sp)
    sd s4, FRAME_s4(sp)
    sd s5, FRAME_s5(sp)
    sd s6, FRAME_s6(sp)
    sd s7, FRAME_s7(sp)
    sd s8, FRAME_s8(sp)
    sd s9, FRAME_s9(sp)
    sd s10, FRAME_s10(sp)
    sd s11, FRAME_s11(sp)
    sd t3, FRAME_t3(sp)
    sd t4, FRAME_t4(sp)
    sd t5, FRAME_t5(sp)
    sd t6, FRAME_t6(sp)
    sd tp, FRAME_tp(sp)
    csrr t1, sepc
    csrr t2, sstatus
    csrr a1, scause
    csrr t4, stval
    sd t1, FRAME_pc(sp)
    sd t2, FRAME_status(sp)
    sd a1, FRAME_cause(sp)
    sd t4, FRAME_value(sp)
.endm

// How a debugger finds the interrupted function's registers while the kernel handles a trap.
.macro describe_frame
    .cfi_signal_frame
    .cfi_def_cfa 2, FRAME_SIZE
    .cfi_return_column 4417 // sepc: 4096 + its number
    saved 4417, FRAME_pc
    saved 1, FRAME_ra
    saved 2, FRAME_sp
    saved 3, FRAME_gp
    saved 8, FRAME_s0
    saved 9, FRAME_s1
    saved 18, FRAME_s2
    saved 19, FRAME_s3
    saved 20, FRAME_s4
    saved 21, FRAME_s5
    saved 22, FRAME_s6
    saved 23, FRAME_s7
    saved 24, FRAME_s8
    saved 25, FRAME_s9
    saved 26, FRAME_s10
    saved 27, FRAME_s11
.endm

.cfi_sections .debug_frame
.section .text
.globl trap_vector
.balign 4
.cfi_startproc simple
trap_vector:
    csrrw sp, sscratch, sp
    bnez sp, from_user

// From the kernel: sp is 0, sscratch the interrupted stack pointer. The frame goes below it,
// unless that would leave the stack: bit STACK_SHIFT of an address in a stack is 1, and 0 in
// the guard half below it. sp is the only free register.
    csrr sp, sscratch
    addi sp, sp, -FRAME_SIZE
    slli sp, sp, 63 - STACK_SHIFT
    bgez sp, stack_overflow
    csrrw sp, sscratch, zero
    sd t0, FRAME_t0 - FRAME_SIZE(sp)
    mv t0, sp
    addi sp, sp, -FRAME_SIZE
    sd t0, FRAME_sp(sp)
    ld t0, FRAME_t0(sp)
    save_registers
    describe_frame
    mv a0, sp
    call trap_from_kernel
    j return_to_kernel
.cfi_endproc

.cfi_startproc simple
from_user:
    addi sp, sp, -FRAME_SIZE
    save_registers
    csrrw t0, sscratch, zero
    sd t0, FRAME_sp(sp)
    ld tp, FRAME_thread(sp)
    rdtime t0
    sd t0, CURRENT_entered(tp)
    describe_frame
    mv a0, sp
    call trap_from_user

// sp points at a complete frame, interrupts are off, and from here on nothing can fault.
.globl trap_return
trap_return:
    ld t1, FRAME_pc(sp)
    ld t2, FRAME_status(sp)
    csrw sepc, t1
    csrw sstatus, t2
    addi t0, sp, FRAME_SIZE
    csrw sscratch, t0
    ld tp, FRAME_tp(sp)
restore:
    ld ra, FRAME_ra(sp)
    ld gp, FRAME_gp(sp)
    ld t0, FRAME_t0(sp)
    ld t1, FRAME_t1(sp)
    ld t2, FRAME_t2(sp)
    ld s0, FRAME_s0(sp)
    ld s1, FRAME_s1(sp)
    ld a0, FRAME_a0(sp)
    ld a1, FRAME_a1(sp)
    ld a2, FRAME_a2(sp)
    ld a3, FRAME_a3(sp)
    ld a4, FRAME_a4(sp)
    ld a5, FRAME_a5(sp)
    ld a6, FRAME_a6(sp)
    ld a7, FRAME_a7(sp)
    ld s2, FRAME_s2(sp)
    ld s3, FRAME_s3(sp)
    ld s4, FRAME_s4(sp)
    ld s5, FRAME_s5(sp)
    ld s6, FRAME_s6(sp)
    ld s7, FRAME_s7(sp)
    ld s8, FRAME_s8(sp)
    ld s9, FRAME_s9(sp)
    ld s10, FRAME_s10(sp)
    ld s11, FRAME_s11(sp)
    ld t3, FRAME_t3(sp)
    ld t4, FRAME_t4(sp)
    ld t5, FRAME_t5(sp)
    ld t6, FRAME_t6(sp)
    ld sp, FRAME_sp(sp)
    sret
return_to_kernel:
    ld t1, FRAME_pc(sp)
    ld t2, FRAME_status(sp)
    csrw sepc, t1
    csrw sstatus, t2
    // tp stays: the thread may have moved to another hart, but it is the same thread.
    j restore
.cfi_endproc

// The interrupted stack pointer is in sscratch and cannot be stored through; the hart's
// emergency stack can. The frame is for the report alone: this never returns.
.cfi_startproc simple
stack_overflow:
    ld sp, CURRENT_hart_data(tp)
    ld sp, 0(sp)                        // struct hart_stack
    addi sp, sp, -FRAME_SIZE
    save_registers
    csrrw t0, sscratch, zero
    sd t0, FRAME_sp(sp)
    describe_frame
    mv a0, sp
    call trap_stack_overflow
.cfi_endproc

// The first steps of a new thread: its context was made to "return" here, with a0 the thread
// that ran before. A user thread leaves through its frame.
.globl thread_begin_user
thread_begin_user:
    call sched_finish_switch
    call trap_leave_to_user
    j trap_return

.globl thread_begin_kernel
thread_begin_kernel:
    call sched_finish_switch
    csrsi sstatus, 2
    call thread_main

// void enter_user(struct trap_frame *frame)
.globl enter_user
enter_user:
    mv sp, a0
    call trap_leave_to_user
    j trap_return
