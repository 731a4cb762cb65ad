// The first process's way out of the kernel: leaves through `frame`, the frame at the top of the
// calling thread's stack. The stack below it is given up.
#ifndef RISCV_ENTER_USER_H
#define RISCV_ENTER_USER_H

struct trap_frame;

void enter_user(struct trap_frame *frame) __attribute__((noreturn));

#endif
