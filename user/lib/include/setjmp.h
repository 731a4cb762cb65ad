/*
 * <setjmp.h>: jumping out of nested calls.
 */
#ifndef USER_SETJMP_H
#define USER_SETJMP_H

#include <abi/signal.h>

/* ra, sp, s0 to s11, fs0 to fs11; then the signal mask, for sigsetjmp. */
typedef struct {
    unsigned long regs[26];
    int mask_saved;
    sigset_t mask;
} jmp_buf[1];
typedef jmp_buf sigjmp_buf;

int setjmp(jmp_buf env) __attribute__((returns_twice));
void longjmp(jmp_buf env, int value) __attribute__((noreturn));

int sigsetjmp(sigjmp_buf env, int save_mask) __attribute__((returns_twice));
void siglongjmp(sigjmp_buf env, int value) __attribute__((noreturn));

#endif
