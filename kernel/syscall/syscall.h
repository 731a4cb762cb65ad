// System calls: the table, and what every sys_* function shares.
//
// A sys_* function finds its arguments in the trap frame's a0..a5 and returns the result or
// -errno; the dispatcher puts that in a0. It decodes, checks, and calls down; the work is done
// in the folders below.
#ifndef SYSCALL_SYSCALL_H
#define SYSCALL_SYSCALL_H

#include <abi/errno.h>
#include <mm/copy.h>
#include <riscv/frame.h>
#include <stdint.h>

typedef long (*system_call)(struct trap_frame *call);

// The dispatcher: looks a7 up and runs the call. Called by trap/ with interrupts on.
void syscall_dispatch(struct trap_frame *frame);

// A path argument in kernel memory: call name_copy_in, use it, name_free it.
// 0, -EFAULT, -ENAMETOOLONG, -ENOMEM.
int must_check name_copy_in(uint64_t user, char **out);
void name_free(char *name);

#endif
