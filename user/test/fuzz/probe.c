/*
 * Loads and stores that may fault. See probe.h.
 *
 * They need nothing of their thread but its registers, for there are threads here that share their
 * stack, or have lost it.
 */
#include "probe.h"

#include <abi/signal.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Two instructions at known addresses, four bytes each. */
__asm__(".option push\n.option norvc\n"
        ".section .text.probe, \"ax\", @progbits\n"
        "probe_load:\n\tlb a0, (a0)\n\tret\n"
        "probe_store:\n\tsb a0, (a0)\n\tret\n"
        ".option pop\n.text\n");

void probe_load(uint64_t address);
void probe_store(uint64_t address);

void probe(uint64_t address, bool store) {
    if (store)
        probe_store(address);
    else
        probe_load(address);
}

/* Anybody else's fault is the end. */
static void on_fault(int signal, siginfo_t *info, void *context) {
    uint64_t *pc = &((ucontext_t *)context)->uc_mcontext.sc_regs[0];

    (void)info;
    if (*pc == (uint64_t)probe_load || *pc == (uint64_t)probe_store)
        *pc += 4;
    else
        syscall(SYS_exit_group, 128 + signal);
}

static void on_signal(int signal) {
    (void)signal;
}

void probe_install(void) {
    struct sigaction fault = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };
    struct sigaction alarm = { .sa_handler = on_signal };

    syscall(SYS_rt_sigaction, SIGSEGV, &fault, NULL, SIGSET_SIZE);
    syscall(SYS_rt_sigaction, SIGBUS, &fault, NULL, SIGSET_SIZE);
    syscall(SYS_rt_sigaction, SIGALRM, &alarm, NULL, SIGSET_SIZE);
}

void probe_catch_all(void) {
    struct sigaction action = { .sa_handler = on_signal };

    for (int signal = 1; signal < _NSIG; signal++)
        syscall(SYS_rt_sigaction, signal, &action, NULL, SIGSET_SIZE);
}
