/* load NAME WORD...: one of the loads. */
#include "load.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "../common/child.h"

volatile struct shared *shared;

uint64_t clock_ns(clockid_t id) {
    struct timespec ts;
    clock_gettime(id, &ts);
    return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

uint64_t now(void) { return clock_ns(CLOCK_MONOTONIC); }

void sleep_until(uint64_t moment) {
    struct timespec ts = {moment / 1000000000, moment % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

void pin(unsigned long mask) {
    cpu_set_t set;
    CPU_ZERO(&set);
    set.bits[0] = mask;
    sched_setaffinity(0, sizeof(set), &set);
}

/* A function of its own: clang does not see how far a jump over it goes. */
static void __attribute__((noinline)) do_nothing(void) {
    __asm__ volatile(".rept 500; nop; .endr");
}

void spin(void) {
    for (int i = 0; i < 8; i++)
        do_nothing();
}

void spin_until(uint64_t moment) {
    while (now() < moment)
        spin();
}

void begin(uint64_t ms) {
    shared->start = now() + 30 * MS;
    shared->end = shared->start + ms * MS;
}

void finish(int children, int values) {
    for (int i = 0; i < children; i++)
        child_wait(-1);
    for (int i = 0; i < values; i++)
        printf("%lu ", shared->value[i]);
    printf("\n");
}

static const struct {
    const char *name;
    void (*run)(int argc, char **argv);
} loads[] = {
    {"hogs", load_hogs},           {"game", load_game},     {"response", load_response},
    {"spread", load_spread},       {"bound", load_bound},   {"switch", load_switch},
    {"inversion", load_inversion}, {"naps", load_naps},     {"signals", load_signals},
};

int main(int argc, char **argv) {
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (unsigned i = 0; argc > 1 && i < sizeof(loads) / sizeof(loads[0]); i++)
        if (strcmp(argv[1], loads[i].name) == 0) {
            loads[i].run(argc - 2, argv + 2);
            return 0;
        }
    return 2;
}
