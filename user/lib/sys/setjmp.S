/*
 * Non-local jumps: what a function must preserve (RISC-V calling convention: ra, sp, s0-s11,
 * fs0-fs11), saved and brought back. jmp_buf: 26 registers, a flag, a signal mask.
 */
#include <abi/syscall.h>

#define MASK_SAVED 208
#define MASK 216
#define SIG_SETMASK 2
#define SIGSET_SIZE 8

    .cfi_sections .debug_frame

    .macro for_saved_registers op, fop
    \op ra, 0(a0)
    \op sp, 8(a0)
    \op s0, 16(a0)
    \op s1, 24(a0)
    \op s2, 32(a0)
    \op s3, 40(a0)
    \op s4, 48(a0)
    \op s5, 56(a0)
    \op s6, 64(a0)
    \op s7, 72(a0)
    \op s8, 80(a0)
    \op s9, 88(a0)
    \op s10, 96(a0)
    \op s11, 104(a0)
    \fop fs0, 112(a0)
    \fop fs1, 120(a0)
    \fop fs2, 128(a0)
    \fop fs3, 136(a0)
    \fop fs4, 144(a0)
    \fop fs5, 152(a0)
    \fop fs6, 160(a0)
    \fop fs7, 168(a0)
    \fop fs8, 176(a0)
    \fop fs9, 184(a0)
    \fop fs10, 192(a0)
    \fop fs11, 200(a0)
    .endm

    .text
    .globl setjmp
    .type setjmp, @function
setjmp:
    .cfi_startproc
    li a1, 0
    /* Falls through: setjmp is sigsetjmp that leaves the mask alone. */
    .cfi_endproc
    .size setjmp, . - setjmp

    .globl sigsetjmp
    .type sigsetjmp, @function
sigsetjmp:
    .cfi_startproc
    for_saved_registers sd, fsd
    sw a1, MASK_SAVED(a0)
    beqz a1, 1f
    addi a2, a0, MASK
    li a0, SIG_SETMASK
    li a1, 0
    li a3, SIGSET_SIZE
    li a7, SYS_rt_sigprocmask
    ecall
1:  li a0, 0
    ret
    .cfi_endproc
    .size sigsetjmp, . - sigsetjmp

    .globl longjmp
    .globl siglongjmp
    .type longjmp, @function
    .type siglongjmp, @function
longjmp:
siglongjmp:
    .cfi_startproc
    mv t0, a0
    mv t1, a1
    lw t2, MASK_SAVED(t0)
    beqz t2, 1f
    li a0, SIG_SETMASK
    addi a1, t0, MASK
    li a2, 0
    li a3, SIGSET_SIZE
    li a7, SYS_rt_sigprocmask
    ecall
1:  mv a0, t0
    for_saved_registers ld, fld
    /* The value, but never 0: that is setjmp's first return. */
    seqz a0, t1
    add a0, a0, t1
    ret
    .cfi_endproc
    .size longjmp, . - longjmp
    .size siglongjmp, . - siglongjmp
