/*
 * What cannot be C: a thread's first steps on a fresh stack, and its last without one.
 */
#include <abi/syscall.h>

    .cfi_sections .debug_frame
    .section .text.thread_clone, "ax", @progbits
    .globl thread_clone
    .type thread_clone, @function
thread_clone:
    .cfi_startproc
    li a7, SYS_clone
    ecall
    bnez a0, 1f
    /* The child has the parent's registers, but the kernel's answer and the stack. */
    .cfi_undefined ra
    mv a0, a6
    jalr a5
    unimp
1:  ret
    .cfi_endproc
    .size thread_clone, . - thread_clone

    .section .text.thread_unmap_exit, "ax", @progbits
    .globl thread_unmap_exit
    .type thread_unmap_exit, @function
thread_unmap_exit:
    .cfi_startproc
    li a7, SYS_munmap
    ecall
    li a0, 0
    li a7, SYS_exit
    ecall
    unimp
    .cfi_endproc
    .size thread_unmap_exit, . - thread_unmap_exit
