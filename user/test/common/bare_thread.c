#include "bare_thread.h"

#include <abi/sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

struct bare_thread bare_threads[BARE_THREADS];

static void __attribute__((used)) thread_main(struct bare_thread *thread) {
    thread->body(thread);
    syscall(SYS_exit, 0);
}

/*
 * clone(flags, stack, parent_tid, tls, child_tid); the child finds its struct above its stack: a signal
 * may come before its first instruction.
 */
static long thread_clone(struct bare_thread *thread) {
    register long a0 __asm__("a0") = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                                     CLONE_SYSVSEM | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
    register void *a1 __asm__("a1") = thread->stack + BARE_STACK - 16;
    register long a2 __asm__("a2") = 0, a3 __asm__("a3") = 0;
    register volatile int *a4 __asm__("a4") = &thread->alive;
    register long a7 __asm__("a7") = SYS_clone;

    ((struct bare_thread **)(thread->stack + BARE_STACK))[-2] = thread;
    __asm__ volatile("ecall\n"
                     "bnez a0, 1f\n"
                     "ld a0, 0(sp)\n"
                     "call thread_main\n"
                     "1:"
                     : "+r"(a0)
                     : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a7)
                     : "memory", "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a5", "a6");
    return a0;
}

struct bare_thread *bare_start(int index, void (*body)(struct bare_thread *)) {
    struct bare_thread *thread = &bare_threads[index];

    thread->body = body;
    thread->index = index;
    thread->count = 0;
    thread->go = 0;
    thread->alive = -1;
    if (thread_clone(thread) < 0)
        exit(99);
    while (thread->alive == -1)
        usleep(100);
    return thread;
}

void bare_join(struct bare_thread *thread) {
    while (thread->alive)
        usleep(200);
}

bool becomes(volatile unsigned long *value, unsigned long wanted) {
    for (int i = 0; i < 5000 && *value != wanted; i++)
        usleep(500);
    return *value == wanted;
}

void wait_to_go(struct bare_thread *self) {
    while (!self->go)
        usleep(300);
}

void spin(struct bare_thread *self) {
    while (!self->go)
        self->count++;
}
