/*
 * The frame of a handler: registers, stacks and faults.
 */
#include "common/check.h"
#include "common/child.h"
#include "common/handler.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PC = 0, SP = 2, A0 = 10 };       /* in sc_regs */

static ucontext_t context_seen;
static volatile unsigned long sp_seen;

static void see(int sig, siginfo_t *info, void *context) {
    int here;

    sp_seen = (unsigned long)&here;
    context_seen = *(ucontext_t *)context;
    note_call(sig, info, context);
}

/* --- registers */

/* Fills every register that a program has, sends itself a signal, and compares: 0 if all is well. */
static long all_registers(long pid, long sig) {
    register long a0 __asm__("a0") = pid;
    register long a1 __asm__("a1") = sig;
    register long a7 __asm__("a7") = SYS_kill;

    __asm__ volatile(
        "fcvt.d.l fa0, %1\n fcvt.d.l fs11, %2\n fcvt.d.l ft0, %2\n"
        "li t0, 0x65\n fscsr t0\n"
        "li t1, 1111\n li t2, 2222\n li s2, 3333\n li s11, 4444\n li t6, 5555\n li a5, 6666\n"
        "mv s3, sp\n mv s4, gp\n mv s5, tp\n"
        "ecall\n"
        "addi t1, t1, -1111\n li t0, 2222\n sub t2, t2, t0\n li t0, 3333\n sub s2, s2, t0\n"
        "li t0, 4444\n sub s11, s11, t0\n li t0, 5555\n sub t6, t6, t0\n"
        "li t0, 6666\n sub a5, a5, t0\n sub s3, s3, sp\n sub s4, s4, gp\n sub s5, s5, tp\n"
        "or a0, a0, t1\n or a0, a0, t2\n or a0, a0, s2\n or a0, a0, s11\n or a0, a0, t6\n"
        "or a0, a0, a5\n or a0, a0, s3\n or a0, a0, s4\n or a0, a0, s5\n"
        "frcsr t0\n addi t0, t0, -0x65\n or a0, a0, t0\n"
        "feq.d t0, fs11, ft0\n xori t0, t0, 1\n or a0, a0, t0\n"
        "fcvt.l.d t0, fs11\n sub t0, t0, %2\n or a0, a0, t0\n"
        "fscsr zero\n"
        : "+r"(a0)
        : "r"(a1 + 0), "r"(a1), "r"(a7)
        : "t0", "t1", "t2", "t6", "s2", "s3", "s4", "s5", "s11", "a5", "fa0", "fs11", "ft0",
          "memory");
    return a0;
}

static void spoil(int sig, siginfo_t *info, void *context) {
    see(sig, info, context);
    __asm__ volatile(
        "li t1, 9\n li t2, 9\n li t6, 9\n li a5, 9\n fcvt.d.l ft0, zero\n fcvt.d.l fa0, zero\n"
        "fcvt.d.l fs11, zero\n fscsr zero\n" ::: "t1", "t2", "t6", "a5", "ft0", "fa0", "memory");
}

static void change_a0(int sig, siginfo_t *info, void *context) {
    ucontext_t *uc = context;

    (void)sig;
    (void)info;
    uc->uc_mcontext.sc_regs[A0] = 4321;
    uc->uc_mcontext.sc_fpregs.d.f[10] = 0x4008000000000000;     /* fa0 = 3.0 */
    sigaddset(&uc->uc_sigmask, SIGUSR2);
}

static double identity(double x) {
    register double fa0 __asm__("fa0") = x;
    register long a0 __asm__("a0") = getpid();
    register long a1 __asm__("a1") = SIGUSR1;
    register long a7 __asm__("a7") = SYS_kill;

    __asm__ volatile("ecall" : "+r"(a0), "+f"(fa0) : "r"(a1), "r"(a7) : "memory");
    return a0 == 4321 ? fa0 : 0.0;
}

static void test_registers(void) {
    sigset_t mask;

    handle(SIGUSR1, 0, spoil);
    CHECK("all registers are restored", all_registers(getpid(), SIGUSR1) == 0 && calls == 1);
    CHECK("the frame holds the result of the call", context_seen.uc_mcontext.sc_regs[A0] == 0);
    CHECK("sp is 16-byte aligned", (unsigned long)context_seen.uc_mcontext.sc_regs[SP] % 16 == 0);
    CHECK("the frame holds fcsr", context_seen.uc_mcontext.sc_fpregs.d.fcsr == 0x65);
    handle(SIGUSR1, 0, change_a0);
    CHECK("what the handler writes is restored", identity(1.0) == 3.0);
    sigprocmask(SIG_BLOCK, NULL, &mask);
    CHECK("the mask too", sigismember(&mask, SIGUSR2));
    sigemptyset(&mask);
    sigprocmask(SIG_SETMASK, &mask, NULL);
}

/* --- stacks */

static char other_stack[3 * SIGSTKSZ] __attribute__((aligned(16)));
static volatile stack_t stack_seen;
static volatile int eperm;

static void see_stack(int sig, siginfo_t *info, void *context) {
    stack_t now, off = { .ss_flags = SS_DISABLE };

    see(sig, info, context);
    sigaltstack(NULL, &now);
    *(stack_t *)&stack_seen = now;
    eperm = sigaltstack(&off, NULL) == -1 ? errno : 0;
    if (calls == 1 && sig == SIGUSR1)
        raise(SIGUSR2);
}

static bool on_other_stack(unsigned long sp) {
    return sp > (unsigned long)other_stack && sp <= (unsigned long)(other_stack + SIGSTKSZ);
}

static void test_stacks(void) {
    stack_t stack = { .ss_sp = other_stack, .ss_size = SIGSTKSZ }, old;
    stack_t small = { .ss_sp = other_stack, .ss_size = MINSIGSTKSZ - 1 };
    stack_t odd = { .ss_sp = other_stack, .ss_size = SIGSTKSZ, .ss_flags = 77 };

    CHECK("none at first", sigaltstack(NULL, &old) == 0 && old.ss_flags == SS_DISABLE);
    errno = 0;
    CHECK("too small", sigaltstack(&small, NULL) == -1 && errno == ENOMEM);
    errno = 0;
    CHECK("odd flags", sigaltstack(&odd, NULL) == -1 && errno == EINVAL);
    CHECK("set", sigaltstack(&stack, NULL) == 0 && sigaltstack(NULL, &old) == 0 &&
                     old.ss_sp == other_stack && old.ss_size == SIGSTKSZ && old.ss_flags == 0);
    handle(SIGUSR1, 0, see_stack);
    handle(SIGUSR2, 0, see_stack);
    calls = 2;
    raise(SIGUSR1);
    CHECK("without SA_ONSTACK on the usual one", !on_other_stack(sp_seen) && eperm == 0);
    sigaltstack(&stack, NULL);
    handle(SIGUSR2, SA_ONSTACK, see_stack);
    handle(SIGUSR1, SA_ONSTACK, see_stack);
    raise(SIGUSR1);
    CHECK("SA_ONSTACK, twice", calls == 2 && on_other_stack(sp_seen));
    CHECK("it says so, and cannot be changed", stack_seen.ss_flags == SS_ONSTACK && eperm == EPERM);
    CHECK("and is left", sigaltstack(NULL, &old) == 0 && old.ss_flags == 0);
}

static void test_autodisarm(void) {
    stack_t stack = { .ss_sp = other_stack, .ss_size = SIGSTKSZ, .ss_flags = (int)SS_AUTODISARM };
    stack_t old;

    CHECK("SS_AUTODISARM", sigaltstack(&stack, NULL) == 0 && sigaltstack(NULL, &old) == 0 &&
                               old.ss_flags == (int)SS_AUTODISARM);
    calls = 2;
    raise(SIGUSR1);
    CHECK("its handler runs there", on_other_stack(sp_seen));
    CHECK("and has no such stack", stack_seen.ss_flags == SS_DISABLE && eperm == 0);
    CHECK("it comes back", sigaltstack(NULL, &old) == 0 && old.ss_flags == (int)SS_AUTODISARM &&
                               old.ss_sp == other_stack && old.ss_size == SIGSTKSZ);
    stack.ss_flags = 0;
    CHECK("without it again", sigaltstack(&stack, NULL) == 0);
}

static sigjmp_buf back;

static void jump(int sig, siginfo_t *info, void *context) {
    see(sig, info, context);
    siglongjmp(back, sig);
}

static int __attribute__((noinline)) overflow(volatile char *above) {
    volatile char room[4096];

    room[0] = above ? *above : 1;
    return room[0] ? overflow(room) + room[0] : 0;
}

static int overflow_handled(void *unused) {
    (void)unused;
    handle(SIGSEGV, SA_ONSTACK, jump);
    for (volatile int i = 0; i < 3; i++)
        if (sigsetjmp(back, 1) == 0)
            return overflow(NULL);
    return calls != 3 ? calls + 1 : on_other_stack(sp_seen) ? 0 : 1;
}

static int overflow_unhandled(void *unused) {
    stack_t off = { .ss_flags = SS_DISABLE };

    (void)unused;
    sigaltstack(&off, NULL);
    handle(SIGSEGV, SA_ONSTACK, jump);
    return overflow(NULL);
}

static void deeper(int sig, siginfo_t *info, void *context) {
    see(sig, info, context);
    raise(SIGUSR1);
}

static int overflow_other(void *unused) {
    (void)unused;
    handle(SIGUSR1, SA_ONSTACK | SA_NODEFER, deeper);
    raise(SIGUSR1);
    return 0;
}

static void test_overflow(void) {
    CHECK("a stack that is full: the handler runs on the other",
          exited_with(child_run(overflow_handled, NULL), 0));
    CHECK("without another, that is the end", died_of(child_run(overflow_unhandled, NULL), SIGSEGV));
    CHECK("the other may be full too", died_of(child_run(overflow_other, NULL), SIGSEGV));
}

/* --- faults */

static bool fault_tells(int sig, int code, const void *addr) {
    return calls > 0 && told.si_signo == sig && told.si_code == code && told.si_addr == addr;
}

/* Does `touch` of addr make sig with that code and address? */
static bool faults(void (*touch)(volatile char *), char *addr, int sig, int code, const void *told_addr) {
    handle(sig, 0, jump);
    if (sigsetjmp(back, 1) == 0) {
        touch(addr);
        return false;
    }
    return fault_tells(sig, code, told_addr);
}

/* Behind the compiler's back: it knows that nothing can be there. */
static void load(volatile char *addr) { __asm__ volatile("lb zero, (%0)" ::"r"(addr)); }
static void store(volatile char *addr) { *addr = 1; }
static void call(volatile char *addr) { ((void (*)(void))addr)(); }

static void skip(int sig, siginfo_t *info, void *context) {
    ucontext_t *uc = context;

    see(sig, info, context);
    uc->uc_mcontext.sc_regs[PC] += 4;
}

static void test_faults(void) {
    char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fd = open("/tmp/sigframe", O_RDWR | O_CREAT, 0600);
    char *file = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);

    CHECK("nothing there", faults(load, (char *)16, SIGSEGV, SEGV_MAPERR, (void *)16));
    CHECK("write to what may be read", faults(store, page + 8, SIGSEGV, SEGV_ACCERR, page + 8));
    CHECK("jump to it", faults(call, page + 8, SIGSEGV, SEGV_ACCERR, page + 8));
    CHECK("the kernel's half", faults(load, (char *)0xffffffc000000000, SIGSEGV, SEGV_MAPERR,
                                      (void *)0xffffffc000000000));
    CHECK("behind a file's end", faults(load, file + 5000, SIGBUS, BUS_ADRERR, file + 5000));
    handle(SIGILL, 0, skip);
    __asm__ volatile(".word 0xffffffff");
    CHECK("illegal instruction, skipped", fault_tells(SIGILL, ILL_ILLOPC, told.si_addr) &&
          (unsigned long)told.si_addr == context_seen.uc_mcontext.sc_regs[PC]);
    handle(SIGILL, 0, skip);
    __asm__ volatile("csrr a0, sstatus" ::: "a0");
    CHECK("privileged instruction", calls == 1);
    handle(SIGTRAP, 0, skip);
    __asm__ volatile(".option push\n .option norvc\n ebreak\n .option pop");
    CHECK("breakpoint", fault_tells(SIGTRAP, TRAP_BRKPT, told.si_addr) &&
          (unsigned long)told.si_addr == context_seen.uc_mcontext.sc_regs[PC]);
    for (int sig = SIGILL; sig <= SIGSEGV; sig++)
        signal(sig, SIG_DFL);
    munmap(file, 8192);
    munmap(page, 4096);
    close(fd);
    unlink("/tmp/sigframe");
}

static int fault_blocked(void *ignored) {
    sigset_t all;

    if (ignored)
        signal(SIGSEGV, SIG_IGN);
    else
        handle(SIGSEGV, 0, skip);
    sigfillset(&all);
    if (!ignored)
        sigprocmask(SIG_SETMASK, &all, NULL);
    load((char *)16);
    return 0;
}

static void test_unavoidable(void) {
    CHECK("a blocked fault kills", died_of(child_run(fault_blocked, NULL), SIGSEGV));
    CHECK("so does an ignored one", died_of(child_run(fault_blocked, (void *)1), SIGSEGV));
}

int main(void) {
    test_registers();
    test_stacks();
    test_autodisarm();
    test_overflow();
    test_faults();
    test_unavoidable();
    return check_done();
}
