// System calls: the table, and what every sys_* function shares.
//
// A sys_* function finds its arguments in the trap frame's a0..a5 and returns the result or
// -errno; the dispatcher puts that in a0. It decodes, checks, and calls down; the work is done
// in the folders below.
#ifndef SYSCALL_SYSCALL_H
#define SYSCALL_SYSCALL_H

#include <abi/errno.h>
#include <abi/utsname.h>
#include <mm/copy.h>
#include <riscv/frame.h>
#include <stdint.h>

typedef long (*system_call)(struct trap_frame *call);

// The dispatcher: looks a7 up and runs the call. Called by trap/ with interrupts on.
void syscall_dispatch(struct trap_frame *frame);

#define TRANSFER_MAX 0x7ffff000ul       // bytes that one call reads or writes at most, as in Linux

// What write and pwrite do, limits and SIGPIPE included, with `size` bytes of kernel memory. May sleep.
struct file;
long must_check write_from_kernel(struct file *file, void *from, uint64_t size, uint64_t *position);

// The answer to a call that is not in the table: -ENOSYS, and a line in the log, once per program.
long syscall_missing(uint64_t number);

// Which system this is, as uname tells.
struct utsname system_name_get(void);

// A path argument in kernel memory: call name_copy_in, use its text, name_free it. Almost all are
// short and need no memory of their own.
struct name {
    char *text;
    char room[128];
};
// 0, -EFAULT, -ENAMETOOLONG, -ENOMEM: nothing to free then.
int must_check name_copy_in(uint64_t user, struct name *name);
void name_free(struct name *name);

#endif
