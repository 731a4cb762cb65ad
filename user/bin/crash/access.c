/* crash: memory that is not there, not ours or not for that use. */
#include <stdint.h>
#include <stdlib.h>

#include "../common/cmd.h"
#include "crash.h"

/* Through volatile variables, or the compiler would see what we are up to. */
static volatile uintptr_t place;

static void place_read(void) {
    unsigned value = *(volatile unsigned *)place;
    cmd_warn("still alive: the load gave 0x%x", value);
}

static void place_write(void) {
    *(volatile unsigned *)place = 0;
    cmd_warn("still alive: the store was made");
}

static void place_jump(void) {
    void (*function)(void) = (void (*)(void))place;
    function();
    cmd_warn("still alive: the code there ran and came back");
}

void try_null(void) {
    announce("reading address 0: a load page fault, SIGSEGV");
    place_read();
}

void try_write_null(void) {
    announce("writing address 0: a store page fault, SIGSEGV");
    place_write();
}

void try_kernel_read(void) {
    place = KERNEL_ADDRESS;
    announce("reading 0x%lx, the kernel's half: its pages lack the U bit, SIGSEGV", place);
    place_read();
}

void try_kernel_write(void) {
    place = KERNEL_ADDRESS;
    announce("writing 0x%lx, the kernel's half: its pages lack the U bit, SIGSEGV", place);
    place_write();
}

void try_kernel_jump(void) {
    place = KERNEL_ADDRESS;
    announce("jumping to 0x%lx, the kernel's half: an instruction page fault, SIGSEGV", place);
    place_jump();
}

void try_text_write(void) {
    place = (uintptr_t)try_text_write & ~3ul;
    announce("writing 0x%lx, this function: code pages lack the W bit, SIGSEGV", place);
    place_write();
}

static const unsigned constant[4] = { 1, 2, 3, 4 };

void try_constant_write(void) {
    place = (uintptr_t)constant;
    announce("writing 0x%lx, a constant: its page lacks the W bit, SIGSEGV", place);
    place_write();
}

void try_jump_nowhere(void) {
    place = NOWHERE_ADDRESS;
    announce("jumping to 0x%lx, where nothing is mapped: SIGSEGV", place);
    place_jump();
}

/* c.jr ra: the shortest function there is. */
static const uint16_t return_instruction = 0x8082;

void try_jump_stack(void) {
    volatile uint16_t code[2] = { return_instruction, return_instruction };
    place = (uintptr_t)code;
    announce("jumping to 0x%lx on the stack: its pages lack the X bit, SIGSEGV", place);
    __asm__ volatile("fence.i" ::: "memory");
    place_jump();
}

void try_jump_heap(void) {
    volatile uint16_t *code = malloc(64);
    if (code == NULL)
        cmd_die_errno("malloc");
    *code = return_instruction;
    place = (uintptr_t)code;
    announce("jumping to 0x%lx on the heap: its pages lack the X bit, SIGSEGV", place);
    __asm__ volatile("fence.i" ::: "memory");
    place_jump();
}

void try_noncanonical(void) {
    place = BEHIND_USER;
    announce("reading 0x%lx: bits 63 to 39 must repeat bit 38 in Sv39, SIGSEGV", place);
    place_read();
}

/* The frames hold an array that is used after the call, so that none can be left out. */
static unsigned long recurse(unsigned long depth) {
    volatile unsigned long frame[64];
    frame[depth % 64] = depth;
    if (place != 0)
        return 0;
    return recurse(depth + 1) + frame[depth % 64];
}

void try_stack_overflow(void) {
    announce("recursing until the stack meets what is below it: SIGSEGV");
    cmd_warn("still alive: %lu", recurse(1));
}
