#include "stack.h"

#include <stdint.h>

#define BLOCK 1024

/* Whoever has seen a block's address may use it while the next one is in use. */
static void show(volatile char *block) { __asm__ volatile("" ::"r"(block) : "memory"); }

void stack_use(long bytes) {
    volatile char block[BLOCK];

    block[0] = 1;
    show(block);
    if (bytes > BLOCK)
        stack_use(bytes - BLOCK);
    show(block);
}

void stack_leap(long bytes) {
    volatile char here;

    show(&here);
    uintptr_t below = (uintptr_t)&here - (uintptr_t)bytes;
    *(volatile char *)below = 1;
}
