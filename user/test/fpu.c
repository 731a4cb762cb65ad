/*
 * Floating point belongs to each program: no value is lost, none comes from somebody else.
 */
#include "common/check.h"
#include "common/child.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct registers {
    uint64_t f[32];
    uint64_t fcsr;
};

#define ALL ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27," \
            "28,29,30,31\n"
#define LOAD ALL "fld f\\n, 8*\\n(%[in])\n.endr\nld t0, 256(%[in])\nfscsr t0\n"
#define STORE ALL "fsd f\\n, 8*\\n(%[out])\n.endr\nfrcsr t0\nsd t0, 256(%[out])\n"
#define CLOBBERS                                                                        \
    "memory", "t0", "a0", "a1", "a2", "a3", "a4", "a7", "ft0", "ft1", "ft2", "ft3", "ft4", \
    "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7", \
    "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", \
    "ft10", "ft11"

static void registers_fill(struct registers *r, uint64_t seed) {
    for (int i = 0; i < 32; i++)
        r->f[i] = seed * 0x9e3779b97f4a7c15 + i;
    r->fcsr = seed & 0x1f;
}

/* Loads all registers, yields and spins for a while, and stores them. */
static __attribute__((noinline)) void hold(const struct registers *in, struct registers *out,
                                           long yields, long spins) {
    __asm__ volatile(LOAD
                     "1: beqz %[yields], 2f\n"
                     "li a7, 124\n"
                     "ecall\n"
                     "addi %[yields], %[yields], -1\n"
                     "j 1b\n"
                     "2: beqz %[spins], 3f\n"
                     "addi %[spins], %[spins], -1\n"
                     "j 2b\n"
                     "3:\n" STORE
                     : [yields] "+r"(yields), [spins] "+r"(spins)
                     : [in] "r"(in), [out] "r"(out)
                     : CLOBBERS);
}

static int compute(void *which) {
    struct registers in, out;

    for (int round = 0; round < 20; round++) {
        registers_fill(&in, (uint64_t)which * 1000 + round);
        memset(&out, 0xee, sizeof(out));
        hold(&in, &out, round % 4 * 20, round % 3 * 2000000);
        if (memcmp(&in, &out, sizeof(in)))
            return 1;
    }
    return 0;
}

static void test_side_by_side(void) {
    bool good = true;

    for (long i = 0; i < 8; i++)
        child_start(compute, (void *)(i + 1));
    for (int i = 0; i < 8; i++)
        good &= exited_with(child_wait(-1), 0);
    CHECK("8 programs compute side by side", good);
}

/* fork with the registers full; what each of the two reads afterwards. */
static __attribute__((noinline)) long fork_holding(const struct registers *in,
                                                   struct registers *out) {
    long pid;

    __asm__ volatile(LOAD
                     "li a0, 17\n"
                     "li a1, 0\n"
                     "li a2, 0\n"
                     "li a3, 0\n"
                     "li a4, 0\n"
                     "li a7, 220\n"
                     "ecall\n"
                     "mv %[pid], a0\n" STORE
                     : [pid] "=&r"(pid)
                     : [in] "r"(in), [out] "r"(out)
                     : CLOBBERS);
    return pid;
}

static void test_fork(void) {
    struct registers in, out;
    bool child = true, parent = true;

    for (int round = 0; round < 50; round++) {
        registers_fill(&in, 7 + round);
        long pid = fork_holding(&in, &out);
        if (pid == 0)
            _exit(memcmp(&in, &out, sizeof(in)) != 0);
        parent &= !memcmp(&in, &out, sizeof(in));
        child &= exited_with(child_wait(pid), 0);
    }
    CHECK("a child inherits the registers", child);
    CHECK("the parent keeps them", parent);
}

static __attribute__((noinline)) void registers_read(struct registers *out) {
    __asm__ volatile(STORE : : [out] "r"(out) : "memory", "t0");
}

static int exec_with_full_registers(void *unused) {
    struct registers in, out;

    (void)unused;
    registers_fill(&in, 99);
    hold(&in, &out, 1, 0);
    usleep(5000);       /* others run, so they are saved */
    execl(own_path(), "fpu", "--zeros", (char *)NULL);
    return 99;
}

static const struct registers zeros;

/* Also after others have computed meanwhile, if it changes nothing. */
static bool zeros_remain(void) {
    struct registers now;

    usleep(5000);
    registers_read(&now);
    return !memcmp(&now, &zeros, sizeof(zeros));
}

static int fill_for_ever(void *unused) {
    struct registers in, out;

    (void)unused;
    for (uint64_t round = 0;; round++) {
        registers_fill(&in, round);
        hold(&in, &out, 1, 0);
    }
    return 0;
}

static void test_fresh(void) {
    bool fresh = true;
    pid_t other = child_start(fill_for_ever, NULL);

    for (int i = 0; i < 10; i++)
        fresh &= exited_with(child_run(exec_with_full_registers, NULL), 0);
    CHECK("so does one that a busy one executed", fresh);
    kill(other, SIGKILL);
    child_wait(other);
}

int main(int argc, char *argv[]) {
    struct registers first;

    registers_read(&first);
    bool fresh = !memcmp(&first, &zeros, sizeof(zeros));
    if (argc > 1 && !strcmp(argv[1], "--zeros"))
        return fresh && zeros_remain() ? 0 : 1;
    CHECK("a fresh program reads zeros", fresh);
    test_fresh();
    test_fork();
    for (int i = 0; i < 3; i++)
        test_side_by_side();
    return check_done();
}
