#include <abi/signal.h>
#include <debug/log.h>
#include <mm/space.h>
#include <proc/fault.h>
#include <proc/proc.h>
#include <proc/signal.h>

#define NEAR (16ul * PAGE_SIZE)

static const char *const signal_names[] = {
    [SIGHUP] = "SIGHUP",   [SIGINT] = "SIGINT",   [SIGQUIT] = "SIGQUIT", [SIGILL] = "SIGILL",
    [SIGTRAP] = "SIGTRAP", [SIGABRT] = "SIGABRT", [SIGBUS] = "SIGBUS",   [SIGFPE] = "SIGFPE",
    [SIGKILL] = "SIGKILL", [SIGSEGV] = "SIGSEGV", [SIGPIPE] = "SIGPIPE", [SIGTERM] = "SIGTERM",
};

const char *signal_name(int signal) {
    const char *name = NULL;
    if (signal > 0 && signal < (int)(sizeof signal_names / sizeof signal_names[0]))
        name = signal_names[signal];
    return name ? name : "signal";
}

static const char *what_it_did(uint64_t cause) {
    switch (cause) {
    case EXC_FETCH_PAGE: case EXC_FETCH_ACCESS: case EXC_FETCH_MISALIGNED: return "jumped to";
    case EXC_STORE_PAGE: case EXC_STORE_ACCESS: case EXC_STORE_MISALIGNED: return "wrote to";
    case EXC_LOAD_PAGE: case EXC_LOAD_ACCESS: case EXC_LOAD_MISALIGNED: return "read from";
    case EXC_ILLEGAL: return "executed instruction";
    default: return "stopped at";
    }
}

// Just below the stack's area, and near sp, means that the stack has grown past its end.
static const char *reason_of(const struct trap_frame *frame, const struct fault_verdict *verdict) {
    struct space *space = thread_current()->space;
    const char *reason = verdict->reason;
    rwmutex_read_lock(&space->lock);
    struct area *area;
    area_for_each(area, space, frame->value) {
        if (area->stack && frame->value < area->start && frame->sp < area->start + PAGE_SIZE &&
            frame->value + NEAR > frame->sp && verdict->signal == SIGSEGV)
            reason = "the stack has overflowed";
    }
    rwmutex_read_unlock(&space->lock);
    return reason;
}

void proc_fault(const struct trap_frame *frame, const struct fault_verdict *verdict) {
    struct proc *self = proc_current();
    bool of_address = verdict->signal == SIGSEGV || verdict->signal == SIGBUS;
    siginfo_t info = { .si_signo = verdict->signal, .si_code = verdict->code };
    info.si_addr = (void *)(of_address ? frame->value : frame->pc);
    if (signal_force(&info))
        return;                 // it asked to be told, and may well know what it does
    log_warning("pid %u (%s): %s at pc 0x%lx: %s 0x%lx: %s", self->pid, self->name,
              signal_name(verdict->signal), frame->pc, what_it_did(frame->cause), frame->value,
              reason_of(frame, verdict));
}
