// Offsets that assembly uses, generated: the build compiles this file to assembly and turns
// each "->NAME value" into a #define in gen/offsets.h.
#include <riscv/context.h>
#include <riscv/current.h>
#include <riscv/frame.h>
#include <stddef.h>

#define EMIT(name, value) __asm__ volatile("\n.ascii \"->" #name " %0\"" ::"i"(value))
#define FRAME(field) EMIT(FRAME_##field, offsetof(struct trap_frame, field))

void offsets(void);
void offsets(void) {
    EMIT(FRAME_SIZE, sizeof(struct trap_frame));
    FRAME(ra); FRAME(sp); FRAME(gp); FRAME(tp);
    FRAME(t0); FRAME(t1); FRAME(t2); FRAME(s0); FRAME(s1);
    FRAME(a0); FRAME(a1); FRAME(a2); FRAME(a3); FRAME(a4); FRAME(a5); FRAME(a6); FRAME(a7);
    FRAME(s2); FRAME(s3); FRAME(s4); FRAME(s5); FRAME(s6); FRAME(s7); FRAME(s8); FRAME(s9);
    FRAME(s10); FRAME(s11); FRAME(t3); FRAME(t4); FRAME(t5); FRAME(t6);
    FRAME(pc); FRAME(status); FRAME(cause); FRAME(value); FRAME(thread);
    EMIT(CURRENT_entered, offsetof(struct current, entered));
    EMIT(CURRENT_hart_data, offsetof(struct current, hart_data));
    EMIT(CONTEXT_AT, CONTEXT_AT);
    EMIT(CONTEXT_ra, offsetof(struct context, ra));
    EMIT(CONTEXT_sp, offsetof(struct context, sp));
    EMIT(FPU_fcsr, offsetof(struct fpu_state, fcsr));
}

_Static_assert(sizeof(struct trap_frame) % 16 == 0, "the stack pointer stays 16-byte aligned");
