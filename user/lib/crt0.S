/*
 * Where a program begins. The kernel enters _start with sp at argc; above it lie argv, NULL,
 * envp, NULL and the auxiliary vector (RISC-V ELF psABI, "Process initialization").
 */
    .cfi_sections .debug_frame
    .section .text.start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    .cfi_startproc
    /* Nobody called this: an unwinder ends here. */
    .cfi_undefined ra
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    mv a0, sp
    mv fp, zero
    andi sp, sp, -16
    call libc_start
    unimp
    .cfi_endproc
    .size _start, . - _start
