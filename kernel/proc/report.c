#include <debug/backtrace.h>
#include <debug/panic.h>
#include <proc/proc.h>
#include <proc/report.h>

static void describe_thread(void) {
    const struct thread *self = thread_current();
    if (self->magic != THREAD_MAGIC) {
        print_polled(", no valid thread (tp %lx)", (uint64_t)self);
        return;
    }
    print_polled(", thread %u \"%s\"", self->tid, self->name);
    if (self->proc)
        print_polled(" of process %u", self->proc->pid);
}

void proc_report_init(void) { panic_describe_thread = describe_thread; }
