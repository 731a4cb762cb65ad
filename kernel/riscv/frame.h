// The trap frame: everything a trap interrupts, saved at the top of the kernel stack (from
// user mode) or below the interrupted stack pointer (from the kernel). entry.S fills it.
#ifndef RISCV_FRAME_H
#define RISCV_FRAME_H

#include <riscv/csr.h>
#include <stdbool.h>
#include <stdint.h>

struct trap_frame {
    uint64_t ra, sp, gp, tp;
    uint64_t t0, t1, t2;
    uint64_t s0, s1;
    uint64_t a0, a1, a2, a3, a4, a5, a6, a7;
    uint64_t s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
    uint64_t t3, t4, t5, t6;
    uint64_t pc;            // sepc
    uint64_t status;        // sstatus
    uint64_t cause;         // scause
    uint64_t value;         // stval: bad address or instruction
    uint64_t thread;        // what tp is to be while this stack's thread is in the kernel
};

// `cause` of a frame that is no system call's any more: it has been decided what becomes of that.
#define FRAME_NO_CALL 0xffff

static inline bool frame_from_user(const struct trap_frame *frame) {
    return !(frame->status & SSTATUS_SPP);
}

#endif
