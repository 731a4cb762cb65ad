// The context switch, and the floating-point file.
#include <gen/offsets.h>

.cfi_sections .debug_frame
.section .text

// void *context_switch(struct context *from, struct context *to, void *from_value)
.globl context_switch
.balign 4
.cfi_startproc
context_switch:
    sd ra, CONTEXT_ra(a0)
    sd sp, CONTEXT_sp(a0)
    sd s0, CONTEXT_s+0(a0)
    sd s1, CONTEXT_s+8(a0)
    sd s2, CONTEXT_s+16(a0)
    sd s3, CONTEXT_s+24(a0)
    sd s4, CONTEXT_s+32(a0)
    sd s5, CONTEXT_s+40(a0)
    sd s6, CONTEXT_s+48(a0)
    sd s7, CONTEXT_s+56(a0)
    sd s8, CONTEXT_s+64(a0)
    sd s9, CONTEXT_s+72(a0)
    sd s10, CONTEXT_s+80(a0)
    sd s11, CONTEXT_s+88(a0)
    ld ra, CONTEXT_ra(a1)
    ld sp, CONTEXT_sp(a1)
    ld s0, CONTEXT_s+0(a1)
    ld s1, CONTEXT_s+8(a1)
    ld s2, CONTEXT_s+16(a1)
    ld s3, CONTEXT_s+24(a1)
    ld s4, CONTEXT_s+32(a1)
    ld s5, CONTEXT_s+40(a1)
    ld s6, CONTEXT_s+48(a1)
    ld s7, CONTEXT_s+56(a1)
    ld s8, CONTEXT_s+64(a1)
    ld s9, CONTEXT_s+72(a1)
    ld s10, CONTEXT_s+80(a1)
    ld s11, CONTEXT_s+88(a1)
    // A load reservation of the old thread must not satisfy the new one's store-conditional.
    addi t1, sp, -16
    sc.d zero, zero, (t1)
    mv a0, a2
    ret
.cfi_endproc

// The only floating-point instructions in the kernel: it is compiled without F and D.
.altmacro
.macro each_register instruction, number
    \instruction f\number, (8*\number)(a0)
.endm

.globl fpu_save
fpu_save:
    .set n, 0
    .rept 32
    each_register fsd, %n
    .set n, n+1
    .endr
    frcsr t0
    sd t0, FPU_fcsr(a0)
    ret

.globl fpu_load
fpu_load:
    .set n, 0
    .rept 32
    each_register fld, %n
    .set n, n+1
    .endr
    ld t0, FPU_fcsr(a0)
    fscsr t0
    ret
