/*
 * Frames that a hostile program made for rt_sigreturn, and the page that handlers return through.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/handler.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PC = 0, SP = 2, GP = 3, A0 = 10 };       /* in sc_regs */

#define TRAMPOLINE ((char *)0x3fffffe000)

static struct rt_sigframe forged __attribute__((aligned(16)));

static void return_from(unsigned long sp) {
    __asm__ volatile("mv sp, %0\n li a7, %1\n ecall" ::"r"(sp), "i"(SYS_rt_sigreturn) : "memory");
    __builtin_unreachable();
}

static void reach(void) { _exit(7); }

/* The frame that would go to reach(). */
static void forge(void) {
    static char room[4096] __attribute__((aligned(16)));

    memset(&forged, 0, sizeof(forged));
    forged.uc.uc_mcontext.sc_regs[PC] = (unsigned long)reach;
    forged.uc.uc_mcontext.sc_regs[SP] = (unsigned long)(room + sizeof(room));
    __asm__("mv %0, gp" : "=r"(forged.uc.uc_mcontext.sc_regs[GP]));
}

static int return_to_pc(void *pc) {
    forge();
    if (pc)
        forged.uc.uc_mcontext.sc_regs[PC] = (unsigned long)pc;
    return_from((unsigned long)&forged);
    return 0;
}

static int return_to_garbage(void *unused) {
    (void)unused;
    forge();
    for (int i = 1; i < 32; i++)
        forged.uc.uc_mcontext.sc_regs[i] = 0xffffffc000000000 + (unsigned long)i;
    forged.uc.uc_mcontext.sc_fpregs.d.fcsr = 0xffffffff;
    memset(forged.uc.uc_mcontext.sc_fpregs.d.f, 0xff, sizeof(forged.uc.uc_mcontext.sc_fpregs.d.f));
    forged.uc.uc_sigmask.bits = ~0ul;
    forged.uc.uc_stack = (stack_t){ (void *)0xffffffc000000000, 99, ~0ul };
    forged.uc.uc_flags = ~0ul;
    return_from((unsigned long)&forged);
    return 0;
}

static int return_with_extension(void *word) {
    forge();
    ((uint32_t *)&forged.uc.uc_mcontext.sc_fpregs)[129 + (long)word] = 0x53465457;
    return_from((unsigned long)&forged);
    return 0;
}

static int return_from_nowhere(void *sp) {
    return_from((unsigned long)sp);
    return 0;
}

static void fcsr_changed(void) {
    unsigned long fcsr;

    __asm__ volatile("frcsr %0" : "=r"(fcsr));
    _exit(fcsr == 0xff ? 7 : 1);
}

static int return_with_fcsr(void *unused) {
    (void)unused;
    forge();
    forged.uc.uc_mcontext.sc_fpregs.d.fcsr = 0xffffffff;
    forged.uc.uc_mcontext.sc_regs[PC] = (unsigned long)fcsr_changed;
    return_from((unsigned long)&forged);
    return 0;
}

static void kill_is_open(void) {
    sigset_t mask;

    sigprocmask(SIG_BLOCK, NULL, &mask);
    _exit(!sigismember(&mask, SIGKILL) && sigismember(&mask, SIGTERM) ? 7 : 1);
}

static int return_with_mask(void *unused) {
    (void)unused;
    forge();
    forged.uc.uc_sigmask.bits = ~0ul;
    forged.uc.uc_mcontext.sc_regs[PC] = (unsigned long)kill_is_open;
    return_from((unsigned long)&forged);
    return 0;
}

/* A frame whose a0 looks like an interrupted call must not run anything again. */
static int return_with_code(void *code) {
    forge();
    forged.uc.uc_mcontext.sc_regs[A0] = (unsigned long)code;
    return_from((unsigned long)&forged);
    return 0;
}

static int write_trampoline(void *unused) {
    (void)unused;
    handle(SIGUSR1, 0, note_call);
    *(volatile char *)TRAMPOLINE = 1;
    return 0;
}

/* A page of one's own: other programs must not get what this one writes. */
static int change_trampoline(void *unused) {
    (void)unused;
    handle(SIGUSR1, 0, note_call);
    if (mprotect(TRAMPOLINE, 4096, PROT_READ | PROT_WRITE) != 0)
        return 1;
    memset(TRAMPOLINE, 0, 4096);
    return 7;
}

static int run_at_nowhere(void *unused) {
    (void)unused;
    handle(SIGUSR1, 0, (void (*)(int, siginfo_t *, void *))0x40);
    raise(SIGUSR1);
    return 0;
}

static void test_hostile(void) {
    bool all = true;

    CHECK("a forged frame works", exited_with(child_run(return_to_pc, NULL), 7));
    CHECK("an odd pc is one that is not", exited_with(child_run(return_to_pc, (char *)reach + 1), 7));
    CHECK("a kernel pc", died_of(child_run(return_to_pc, (void *)0xffffffff80000000), SIGSEGV));
    CHECK("a pc that no address space has",
          died_of(child_run(return_to_pc, (void *)0x8000000000000000), SIGSEGV));
    CHECK("every register a kernel's", died_of(child_run(return_to_garbage, NULL), SIGSEGV));
    for (long i = 0; i < 3; i++)
        all &= died_of(child_run(return_with_extension, (void *)i), SIGSEGV);
    CHECK("unknown extensions", all);
    CHECK("a frame at 0", died_of(child_run(return_from_nowhere, NULL), SIGSEGV));
    CHECK("a frame in the kernel",
          died_of(child_run(return_from_nowhere, (void *)0xffffffc000200000), SIGSEGV));
    CHECK("a frame at the end of the world",
          died_of(child_run(return_from_nowhere, (void *)0x3ffffffff0), SIGSEGV));
    CHECK("reserved bits of fcsr", exited_with(child_run(return_with_fcsr, NULL), 7));
    CHECK("SIGKILL in the mask", exited_with(child_run(return_with_mask, NULL), 7));
    all = true;
    for (long code = -EINTR; code >= -520; code += code == -EINTR ? -506 : -1)
        all &= exited_with(child_run(return_with_code, (void *)code), 7);
    CHECK("a0 like an interrupted call's", all);
    CHECK("the trampoline is not to be written", died_of(child_run(write_trampoline, NULL), SIGSEGV));
    CHECK("but to be copied", exited_with(child_run(change_trampoline, NULL), 7));
    handle(SIGUSR1, 0, note_call);
    raise(SIGUSR1);
    CHECK("nobody else gets the copy", calls == 1);
    CHECK("a handler that is nowhere", died_of(child_run(run_at_nowhere, NULL), SIGSEGV));
}

int main(void) {
    test_hostile();
    return check_done();
}
