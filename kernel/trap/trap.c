#include <abi/signal.h>
#include <debug/panic.h>
#include <dev/plic.h>
#include <mm/space.h>
#include <proc/fault.h>
#include <proc/fpu.h>
#include <proc/signal.h>
#include <riscv/csr.h>
#include <riscv/frame.h>
#include <sched/sched.h>
#include <syscall/syscall.h>
#include <trap/trap.h>

typedef void (*trap_handler)(struct trap_frame *frame);

// --- exceptions from user mode: interrupts come on, the fault is the program's ---

static void user_call(struct trap_frame *frame) {
    // The instruction after the ecall; there is no compressed one.
    frame->pc += 4;
    irq_enable();
    syscall_dispatch(frame);
}

static void user_page_fault(struct trap_frame *frame) {
    enum access access = frame->cause == EXC_FETCH_PAGE   ? ACCESS_EXEC
                         : frame->cause == EXC_STORE_PAGE ? ACCESS_WRITE
                                                          : ACCESS_READ;
    irq_enable();
    const struct fault_verdict *verdict = space_fault(thread_current()->space, frame->value, access);
    if (verdict)
        proc_fault(frame, verdict);
}

static void user_illegal(struct trap_frame *frame) {
    // The floating-point file is off until a thread asks for it (interrupts are still off:
    // which thread owns the file is the hart's own business).
    if (fpu_fault(frame))
        return;
    irq_enable();
    static const struct fault_verdict verdict = { SIGILL, ILL_ILLOPC,
                                                  "illegal or privileged instruction" };
    proc_fault(frame, &verdict);
}

static void user_breakpoint(struct trap_frame *frame) {
    irq_enable();
    static const struct fault_verdict verdict = { SIGTRAP, TRAP_BRKPT, "breakpoint" };
    proc_fault(frame, &verdict);
}

static void user_bus_error(struct trap_frame *frame) {
    irq_enable();
    bool misaligned = frame->cause == EXC_FETCH_MISALIGNED ||
                      frame->cause == EXC_LOAD_MISALIGNED ||
                      frame->cause == EXC_STORE_MISALIGNED;
    static const struct fault_verdict
        crooked = { SIGBUS, BUS_ADRALN, "misaligned address" },
        nobody = { SIGBUS, BUS_ADRERR, "no memory answers there" };
    proc_fault(frame, misaligned ? &crooked : &nobody);
}

// Reserved, or not from user mode.
static void unexpected(struct trap_frame *frame) {
    panic_frame(frame, "exception %lu has no handler", frame->cause);
}

// Without a gap, so that nobody has to look for one.
static const trap_handler exceptions[EXC_COUNT] = {
    [EXC_FETCH_MISALIGNED] = user_bus_error,
    [EXC_FETCH_ACCESS] = user_bus_error,
    [EXC_ILLEGAL] = user_illegal,
    [EXC_BREAKPOINT] = user_breakpoint,
    [EXC_LOAD_MISALIGNED] = user_bus_error,
    [EXC_LOAD_ACCESS] = user_bus_error,
    [EXC_STORE_MISALIGNED] = user_bus_error,
    [EXC_STORE_ACCESS] = user_bus_error,
    [EXC_ECALL_U] = user_call,
    [EXC_ECALL_S ... EXC_ECALL_S + 2] = unexpected,
    [EXC_FETCH_PAGE] = user_page_fault,
    [EXC_LOAD_PAGE] = user_page_fault,
    [EXC_LOAD_PAGE + 1] = unexpected,
    [EXC_STORE_PAGE] = user_page_fault,
};

// --- interrupts, from either mode: they stay off ---

static void software_interrupt(struct trap_frame *frame) {
    (void)frame;
    csr_clear(sip, SIE_SSIE);
    panic_check();
    harts_kick_postponed();
    space_interrupt();
}

static void timer_interrupt(struct trap_frame *frame) {
    sched_timer_interrupt(frame_from_user(frame));
}

static void external_interrupt(struct trap_frame *frame) {
    (void)frame;
    plic_interrupt();
}

static const trap_handler interrupts[IRQ_COUNT] = {
    [IRQ_SOFTWARE] = software_interrupt,
    [IRQ_TIMER] = timer_interrupt,
    [IRQ_EXTERNAL] = external_interrupt,
};

static void interrupt(struct trap_frame *frame) {
    uint64_t code = frame->cause ^ SCAUSE_INTERRUPT;    // of an exception: not small
    trap_handler handler = code < IRQ_COUNT ? interrupts[code] : NULL;
    if (!handler)
        panic_frame(frame, "cause %lx has no handler", frame->cause);
    this_hart()->interrupts[code]++;
    handler(frame);
}

// Again after each round: while interrupts were on, more may have come.
static __attribute__((noinline)) void leave_slowly(void) {
    struct thread *self = thread_current();
    while (self->wants_detour) {
        irq_enable();
        if (self->signal_attention)
            signal_take(self->frame);
        if (self->need_resched)
            schedule();
        irq_disable();
    }
}

void trap_leave_to_user(void) {
    irq_disable();
    if (__builtin_expect(thread_current()->wants_detour, false))
        leave_slowly();
}

void trap_from_user(struct trap_frame *frame, uint64_t cause) {
    if (cause < EXC_COUNT)
        exceptions[cause](frame);
    else
        interrupt(frame);
    trap_leave_to_user();
}

void trap_from_kernel(struct trap_frame *frame) {
    if (!(frame->cause & SCAUSE_INTERRUPT))
        panic_frame(frame, "exception %lu in the kernel at %lx, value %lx", frame->cause,
                    frame->pc, frame->value);
    interrupt(frame);
    // Kernel code is preempted like user code, unless it holds a spinlock or has said so.
    if (sched_wants_cpu() && sched_preemptible())
        schedule();
}

void trap_stack_overflow(struct trap_frame *frame) {
    struct thread *self = thread_current();
    panic_frame(frame, "kernel stack overflow in thread %u \"%s\": sp %lx is %ld bytes deep in a "
                "stack of %d", self->tid, self->name, frame->sp, self->stack - frame->sp,
                STACK_SIZE);
}
