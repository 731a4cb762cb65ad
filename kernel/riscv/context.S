// The context switch, and the floating-point file.
#include <gen/offsets.h>

.cfi_sections .debug_frame
.section .text

// Not for C to call, as it preserves nothing else: see switch_context.
.globl context_switch
.balign 4
.cfi_startproc
context_switch:
    sd ra, CONTEXT_ra(a0)
    sd sp, CONTEXT_sp(a0)
    ld ra, CONTEXT_ra(a1)
    ld sp, CONTEXT_sp(a1)
    addi tp, a1, -CONTEXT_AT
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
