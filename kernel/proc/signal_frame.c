// A handler's frame on the user's stack (struct rt_sigframe), and the way back from it.
//
// The frame is the program's to change, and rt_sigreturn believes nothing in it: it restores user
// registers, the mask and the floating-point file, and never sstatus or what the kernel keeps for
// itself. A pc outside the program faults in user mode.
#include <abi/errno.h>
#include <abi/syscall.h>
#include <fs/file.h>
#include <fs/shared_memory.h>
#include <lib/string.h>
#include <mm/copy.h>
#include <mm/page_cache.h>
#include <mm/space.h>
#include <proc/fpu.h>
#include <proc/proc.h>
#include <proc/signal.h>

// --- the page that handlers return through

// Above the stack, in each space whose program has asked for a handler; fork copies it like any
// mapping, exec begins without. Debuggers and unwinders know a signal's frame by these words.
#define TRAMPOLINE (USER_LIMIT - PAGE_SIZE)

static const uint32_t trampoline_code[] = {
    0x00000893 | SYS_rt_sigreturn << 20,    // li a7, SYS_rt_sigreturn
    0x00000073,                             // ecall
};

static struct file *trampoline;             // one page, private to whoever writes to it

void signal_trampoline_init(void) {
    struct frame *frame;
    if (shared_memory_create("[sigreturn]", PAGE_SIZE, &trampoline) ||
        page_get_zero(trampoline->backing.object, 0, &frame))
        panic("no memory for the signal trampoline at boot");
    memcpy(frame_virt(frame), trampoline_code, sizeof trampoline_code);
    page_mark_dirty(frame);
    frame_put(frame);
}

int signal_trampoline_map(void) {
    struct area area = { .start = TRAMPOLINE, .end = USER_LIMIT, .backing = &trampoline->backing,
                         .rights = ACCESS_READ | ACCESS_EXEC };
    int error = space_map(thread_current()->space, &area);
    return error == -EEXIST ? 0 : error;    // it is there already, or what the program put there
}

// --- the alternate stack

static bool on_signal_stack(uint64_t sp) {
    const struct thread *self = thread_current();
    // Who may jump off a handler's stack is nowhere as far as the kernel knows (sigaltstack(2)).
    return !self->signal_stack_disarms && sp - self->signal_stack - 1 < self->signal_stack_size;
}

stack_t signal_stack_get(void) {
    const struct thread *self = thread_current();
    uint32_t state = !self->signal_stack_size             ? SS_DISABLE
                     : on_signal_stack(self->frame->sp) ? SS_ONSTACK
                                                          : 0;
    return (stack_t){
        .ss_sp = (void *)self->signal_stack,
        .ss_size = self->signal_stack_size,
        .ss_flags = (int)(state | (self->signal_stack_disarms ? SS_AUTODISARM : 0)),
    };
}

int signal_stack_set(const stack_t *stack) {
    struct thread *self = thread_current();
    uint32_t state = (uint32_t)stack->ss_flags & ~SS_AUTODISARM;
    bool off = state == SS_DISABLE;
    if (on_signal_stack(self->frame->sp))
        return -EPERM;
    if (!off && state && state != SS_ONSTACK)
        return -EINVAL;
    if (!off && stack->ss_size < MINSIGSTKSZ)
        return -ENOMEM;
    self->signal_stack = off ? 0 : (uint64_t)stack->ss_sp;
    self->signal_stack_size = off ? 0 : stack->ss_size;
    self->signal_stack_disarms = (uint32_t)stack->ss_flags & SS_AUTODISARM;
    return 0;
}

// --- the frame

// Everything up to the registers; the rest of uc_reserved is left as it is on the stack.
struct head {
    siginfo_t info;
    unsigned long flags;
    struct ucontext *link;
    stack_t stack;
    sigset_t mask;
};
_Static_assert(sizeof(struct head) == offsetof(struct rt_sigframe, uc.uc_reserved), "rt_sigframe");

// x1 to x31 lie in the trap frame as they do in the signal frame, behind the pc; the floating-point
// file as the kernel keeps it is what its part of the frame begins with.
#define REGISTERS_SIZE (31 * sizeof(uint64_t))
_Static_assert(offsetof(struct trap_frame, ra) == 0 &&
               offsetof(struct trap_frame, pc) == REGISTERS_SIZE, "x1 to x31, pc");
_Static_assert(sizeof(struct fpu_state) == 33 * sizeof(uint64_t), "fcsr and the padding behind it");

#define AT(sp, field) ((sp) + offsetof(struct rt_sigframe, field))

static uint64_t frame_place(const struct trap_frame *frame, const struct sigaction *action) {
    const struct thread *self = thread_current();
    uint64_t sp = frame->sp;
    if (action->sa_flags & SA_ONSTACK && self->signal_stack_size && !on_signal_stack(sp))
        sp = self->signal_stack + self->signal_stack_size;
    uint64_t place = (sp - sizeof(struct rt_sigframe)) & ~15ul;
    // One handler too many on the alternate stack must not run over what lies below it.
    return on_signal_stack(sp) && !on_signal_stack(place) ? 0 : place;
}

// A large buffer: not inlined, so that nothing else lies on the stack beside it for long.
static __attribute__((noinline)) bool registers_out(uint64_t sp, const struct trap_frame *frame) {
    const struct thread *self = thread_current();
    struct sigcontext context;
    fpu_save_current();
    context.sc_regs[0] = frame->pc;
    memcpy(&context.sc_regs[1], &frame->ra, REGISTERS_SIZE);
    memset(&context.sc_fpregs, 0, sizeof context.sc_fpregs);
    if (self->fpu_used)
        memcpy(&context.sc_fpregs, &self->fpu, sizeof self->fpu);
    return !copy_out(AT(sp, uc.uc_mcontext), &context, sizeof context);
}

bool signal_frame_push(struct trap_frame *frame, const struct sigaction *action,
                       const siginfo_t *info, uint64_t mask) {
    struct head head = { .info = *info, .stack = signal_stack_get(), .mask = { mask } };
    uint64_t sp = frame_place(frame, action);
    if (!sp || copy_out(sp, &head, sizeof head) || !registers_out(sp, frame))
        return false;
    if (thread_current()->signal_stack_disarms)
        (void)!signal_stack_set(&(stack_t){ .ss_flags = SS_DISABLE });
    frame->sp = sp;
    frame->pc = (uint64_t)action->sa_handler & ~1ul;
    frame->ra = TRAMPOLINE;
    frame->a0 = info->si_signo;
    frame->a1 = AT(sp, info);
    frame->a2 = AT(sp, uc);
    return true;
}

// Behind the room for quad precision come a reserved word and the header that ends a list of further
// extensions, all zero (Linux's struct __riscv_extra_ext_header): this kernel puts none there.
static bool has_extensions(const struct sigcontext *context) {
    uint32_t tail[3];
    memcpy(tail, (const char *)(context + 1) - sizeof tail, sizeof tail);
    return tail[0] | tail[1] | tail[2];
}

static __attribute__((noinline)) bool registers_in(uint64_t sp, struct trap_frame *frame) {
    struct sigcontext context;
    if (copy_in(&context, AT(sp, uc.uc_mcontext), sizeof context) || has_extensions(&context))
        return false;
    fpu_set_current((const struct fpu_state *)&context.sc_fpregs);
    frame->pc = context.sc_regs[0] & ~1ul;      // sepc has no bit 0, though an emulator may
    memcpy(&frame->ra, &context.sc_regs[1], REGISTERS_SIZE);
    return true;
}

void signal_frame_pop(struct trap_frame *frame) {
    uint64_t sp = frame->sp;
    struct head head;
    frame->cause = FRAME_NO_CALL;   // its a0 is what it was, not this call's result
    if (copy_in(&head, sp, sizeof head) || !registers_in(sp, frame)) {
        siginfo_t info = { .si_signo = SIGSEGV, .si_code = SI_KERNEL };
        (void)!signal_force(&info);
        return;
    }
    signal_mask_set(head.mask.bits);
    // As Linux: a stack that cannot be set stays what it was.
    (void)!signal_stack_set(&head.stack);
}
