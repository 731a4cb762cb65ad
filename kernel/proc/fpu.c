#include <proc/fpu.h>
#include <riscv/csr.h>
#include <sched/hart.h>
#include <sched/thread.h>

static const struct fpu_state zeros;

#define FCSR_MASK 0xff          // rounding mode and flags; the rest is reserved

static void set_frame_state(struct trap_frame *frame, uint64_t state) {
    frame->status = (frame->status & ~SSTATUS_FS) | state;
}

bool fpu_fault(struct trap_frame *frame) {
    if (frame->status & SSTATUS_FS)
        return false;
    struct thread *self = thread_current();
    struct hart *hart = this_hart();
    csr_set(sstatus, SSTATUS_FS);
    fpu_load(self->fpu_used ? &self->fpu : &zeros);
    csr_clear(sstatus, SSTATUS_FS);
    hart->fpu_owner = self;
    self->fpu_hart = hart->index;
    set_frame_state(frame, SSTATUS_FS_INITIAL);
    return true;
}

void fpu_save_current(void) {
    struct thread *self = thread_current();
    bool irq = irq_disable();
    if ((self->frame->status & SSTATUS_FS) == SSTATUS_FS_DIRTY) {
        csr_set(sstatus, SSTATUS_FS);
        fpu_save(&self->fpu);
        csr_clear(sstatus, SSTATUS_FS);
        self->fpu_used = true;
        set_frame_state(self->frame, SSTATUS_FS_CLEAN);
    }
    irq_restore(irq);
}

void fpu_set_current(const struct fpu_state *state) {
    struct thread *self = thread_current();
    bool irq = irq_disable();
    set_frame_state(self->frame, SSTATUS_FS_OFF);
    self->fpu = *state;
    self->fpu.fcsr &= FCSR_MASK;
    self->fpu_used = true;
    self->fpu_hart = FPU_NOWHERE;
    irq_restore(irq);
}

void fpu_fork(struct thread *child) {
    struct thread *self = thread_current();
    fpu_save_current();
    child->fpu_used = self->fpu_used;
    if (self->fpu_used)
        child->fpu = self->fpu;
    set_frame_state(child->frame, SSTATUS_FS_OFF);
}

void fpu_reset(void) {
    struct thread *self = thread_current();
    self->fpu_used = false;
    self->fpu_hart = FPU_NOWHERE;
    set_frame_state(self->frame, SSTATUS_FS_OFF);
}
