/*
 * Code that a program writes: after riscv_flush_icache every thread runs the new one, on whatever hart.
 */
#include "common/check.h"
#include "common/thread.h"

#include <abi/hwprobe.h>
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ROUNDS 300

static uint32_t *code;
static unsigned wanted;                 /* what the code returns now; changes between two barriers */
static int mistakes;

static long flush(long flags) {
    long result = syscall(SYS_riscv_flush_icache, code, code + 2, flags);

    return result < 0 ? -errno : result;
}

/* li a0, value; ret */
static void write_code(unsigned value) {
    code[0] = 0x00000513 | value << 20;
    code[1] = 0x00008067;
}

static void *run_code(void *me) {
    for (unsigned round = 1; round <= ROUNDS; round++) {
        if (me == NULL) {
            write_code(round);
            wanted = round;
            if (flush(0) != 0)
                __atomic_fetch_add(&mistakes, 1, __ATOMIC_RELAXED);
        }
        pthread_barrier_wait(&barrier);
        if (((unsigned (*)(void))code)() != wanted)
            __atomic_fetch_add(&mistakes, 1, __ATOMIC_RELAXED);
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

int main(void) {
    code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    run_all(run_code);
    CHECK("all threads run the new code", mistakes == 0);
    write_code(7);
    CHECK("for this thread alone",
          flush(RISCV_FLUSH_ICACHE_LOCAL) == 0 && ((unsigned (*)(void))code)() == 7);
    CHECK("an unknown flag", flush(2) == -EINVAL);
    return check_done();
}
