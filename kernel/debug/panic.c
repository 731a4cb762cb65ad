#include <debug/backtrace.h>
#include <debug/log.h>
#include <debug/panic.h>
#include <lib/format.h>
#include <riscv/current.h>
#include <riscv/frame.h>
#include <riscv/sbi.h>
#include <stdarg.h>
#include <stddef.h>

volatile bool panicking;
bool panic_exits;
void (*panic_describe_thread)(void);
void (*panic_exit)(int status);

static uint32_t first_hart = UINT32_MAX;

static void hart_stop(void) {
    irq_disable();
    csr_write(sie, 0);
    for (;;)
        hart_wait();
}

void panic_check(void) {
    if (panicking && first_hart != current()->hart)
        hart_stop();
}

static void print_frame(const struct trap_frame *f) {
    print_polled("pc  %016lx status %lx cause %lx value %lx\n", f->pc, f->status, f->cause,
                 f->value);
    const struct { const char *name; uint64_t value; } registers[] = {
        { "ra", f->ra }, { "sp", f->sp }, { "gp", f->gp }, { "tp", f->tp }, { "t0", f->t0 },
        { "t1", f->t1 }, { "t2", f->t2 }, { "s0", f->s0 }, { "s1", f->s1 }, { "a0", f->a0 },
        { "a1", f->a1 }, { "a2", f->a2 }, { "a3", f->a3 }, { "a4", f->a4 }, { "a5", f->a5 },
        { "a6", f->a6 }, { "a7", f->a7 }, { "s2", f->s2 }, { "s3", f->s3 }, { "s4", f->s4 },
        { "s5", f->s5 }, { "s6", f->s6 }, { "s7", f->s7 }, { "s8", f->s8 }, { "s9", f->s9 },
        { "s10", f->s10 }, { "s11", f->s11 }, { "t3", f->t3 }, { "t4", f->t4 },
        { "t5", f->t5 }, { "t6", f->t6 },
    };
    for (size_t i = 0; i < sizeof registers / sizeof registers[0]; i++)
        print_polled("%-3s %016lx%s", registers[i].name, registers[i].value,
                     i % 4 == 3 ? "\n" : "  ");
    print_polled("\n");
}

// The first hart that comes here reports; one that panics while another reports stops.
static void claim_console(void) {
    irq_disable();
    uint32_t nobody = UINT32_MAX, self = current()->hart;
    if (!__atomic_compare_exchange_n(&first_hart, &nobody, self, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST)) {
        if (nobody == self)
            print_polled("panic: again, while reporting the first\n");
        hart_stop();
    }
    panicking = true;
    // Every other hart takes a software interrupt, sees `panicking`, and stops.
    sbi_send_ipi(0, -1ul);
}

static void __attribute__((noreturn)) finish(struct call_state state) {
    print_polled("backtrace, innermost call first:\n");
    backtrace_print(state);
    print_polled("The machine has stopped.\n");
    if (panic_exits && panic_exit)
        panic_exit(1);
    for (;;)
        hart_stop();
}

static void emit_polled(void *unused, const char *text, size_t size) {
    (void)unused;
    log_write_polled(text, size);
}

static void report(const char *message, va_list arguments) {
    claim_console();
    print_polled("\npanic: ");
    format(emit_polled, NULL, message, arguments);
    print_polled("\nhart %u", current()->hart);
    if (panic_describe_thread)
        panic_describe_thread();
    print_polled("\n");
}

void panic(const char *message, ...) {
    va_list arguments;
    va_start(arguments, message);
    report(message, arguments);
    finish(call_state_here());
}

void panic_frame(const struct trap_frame *frame, const char *message, ...) {
    va_list arguments;
    va_start(arguments, message);
    report(message, arguments);
    print_frame(frame);
    finish(call_state_here());
}
