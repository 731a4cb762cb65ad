/* crash: what looks dangerous and is answered without a crash. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/cmd.h"
#include "crash.h"

void try_counters(void) {
    unsigned long time, cycle, instret;
    announce("reading the counters, which the kernel may leave open to programs");
    __asm__ volatile("rdtime %0" : "=r"(time));
    printf("time    %lu\n", time);
    fflush(stdout);
    __asm__ volatile("rdcycle %0" : "=r"(cycle));
    printf("cycle   %lu\n", cycle);
    fflush(stdout);
    __asm__ volatile("rdinstret %0" : "=r"(instret));
    printf("instret %lu\n", instret);
}

void try_divide(void) {
    long quotient, rest;
    announce("dividing 7 by 0: no exception (RISC-V Unprivileged, M extension)");
    __asm__ volatile("div %0, %2, zero\n\trem %1, %2, zero"
                     : "=&r"(quotient), "=r"(rest) : "r"(7l));
    printf("quotient %ld, rest %ld: all bits set, and the dividend\n", quotient, rest);
    __asm__ volatile("div %0, %1, %2" : "=r"(quotient) : "r"(INT64_MIN), "r"(-1l));
    printf("the smallest number by -1: %ld, itself again\n", quotient);
}

void try_misaligned(void) {
    static volatile unsigned char bytes[24];
    unsigned long value = 0x1122334455667788ul, back;
    volatile unsigned char *odd = bytes + 3;
    announce("storing and loading 8 bytes at %p: hardware, firmware or SIGBUS decide",
             (void *)(uintptr_t)odd);
    __asm__ volatile("sd %1, 0(%2)\n\tld %0, 0(%2)"
                     : "=&r"(back) : "r"(value), "r"(odd) : "memory");
    printf("it works: 0x%lx came back\n", back);
    if (back != value || odd[0] != 0x88 || odd[7] != 0x11)
        cmd_warn("but it is wrong");
}

void try_ecall_unknown(void) {
    const long number = 9999;
    announce("system call %ld, which does not exist: ENOSYS, and on we go", number);
    errno = 0;
    long result = syscall(number, 1, 2, 3, 4, 5, 6);
    printf("it returned %ld: %s\n", result, strerror(errno));
    if (result != -1 || errno != ENOSYS)
        cmd_warn("that is not ENOSYS");
}

/* Reports what a call returned; anything but EFAULT is wrong. */
static void fault_expect(const char *what, long result) {
    printf("%-28s %ld: %s\n", what, result, result < 0 ? strerror(errno) : "no error");
    if (result >= 0 || errno != EFAULT)
        cmd_warn("%s: not EFAULT", what);
    fflush(stdout);
}

void try_bad_pointer(void) {
    void *kernel = (void *)KERNEL_ADDRESS, *nowhere = (void *)NOWHERE_ADDRESS;
    void *behind = (void *)BEHIND_USER;
    int zero = open("/dev/zero", O_RDONLY), pipes[2];
    announce("passing pointers that are not ours: EFAULT each time");
    if (zero < 0 || pipe(pipes) < 0)
        cmd_die_errno("cannot prepare");
    fault_expect("write(pipe, kernel, 16)", write(pipes[1], kernel, 16));
    fault_expect("write(pipe, NULL, 1)", write(pipes[1], NULL, 1));
    fault_expect("read(zero, kernel, 4096)", read(zero, kernel, 4096));
    fault_expect("read(zero, unmapped, 1)", read(zero, nowhere, 1));
    fault_expect("read(zero, text, 4)", read(zero, (void *)(uintptr_t)try_bad_pointer, 4));
    fault_expect("write(pipe, behind us, 4096)", write(pipes[1], behind, 4096));
    fault_expect("open(kernel)", open(kernel, O_RDONLY));
    fault_expect("open(NULL)", open(NULL, O_RDONLY));
    fault_expect("stat(\"/\", kernel)", stat("/", kernel));
    fault_expect("pipe(kernel)", pipe(kernel));
    fault_expect("execve(\"/bin/sh\", kernel)", execve("/bin/sh", kernel, NULL));
    close(zero);
    close(pipes[0]);
    close(pipes[1]);
}

#define FP_REGISTERS(DO) \
    DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13) \
    DO(14) DO(15) DO(16) DO(17) DO(18) DO(19) DO(20) DO(21) DO(22) DO(23) DO(24) DO(25) DO(26) \
    DO(27) DO(28) DO(29) DO(30) DO(31)

static unsigned long fp_found[32];

void fp_registers_read(void) {
#define FP_READ(n) __asm__ volatile("fmv.x.d %0, f" #n : "=r"(fp_found[n]));
    FP_REGISTERS(FP_READ)
#undef FP_READ
}

void try_fp(void) {
    static char *argv[] = { "crash", "fp-after-exec", NULL };
    announce("filling all floating-point registers and executing a new program");
#define FP_FILL(n) __asm__ volatile("fmv.d.x f" #n ", %0" : : "r"(0xdeadbeef00000000ul + n));
    FP_REGISTERS(FP_FILL)
#undef FP_FILL
    execv("/proc/self/exe", argv);
    execvp("crash", argv);
    cmd_die_errno("cannot execute myself");
}

void fp_registers_report(void) {
    int found = 0;
    for (int i = 0; i < 32; i++) {
        if (fp_found[i] == 0)
            continue;
        printf("f%d = 0x%lx\n", i, fp_found[i]);
        found++;
    }
    if (found)
        cmd_warn("the new program can see %d registers of the old one", found);
    else
        puts("the new program found 32 zeros");
}
