// The word of a lock: who has it, or NULL. Written out (A extension, "Load-Reserved/Store-Conditional"),
// since a compiler's exchange compares once more after its loop, and its release fences devices too.
#ifndef RISCV_LOCK_WORD_H
#define RISCV_LOCK_WORD_H

#include <stdbool.h>
#include <stdint.h>

// Makes `*word`, if it is NULL, `owner`: true. What follows sees what was done before it became NULL.
static inline bool lock_word_take(void *word, const void *owner) {
    __asm__ goto("1: lr.d.aq t0, (%0)\n"
                 "   bnez    t0, %l[taken]\n"
                 "   sc.d    t0, %1, (%0)\n"
                 "   bnez    t0, 1b"
                 : : "r"(word), "r"(owner) : "t0", "memory" : taken);
    return true;
taken:
    return false;
}

// Makes it NULL after all that was done to memory: not to devices, which io_fence is for.
static inline void lock_word_release(void *word) {
    __asm__ volatile("amoswap.d.rl zero, zero, (%0)" ::"r"(word) : "memory");
}

#endif
