/*
 * Threads as bare as the kernel offers them: without a library's part of them. They share errno, so nothing
 * in them looks at it.
 */
#ifndef TEST_BARE_THREAD_H
#define TEST_BARE_THREAD_H

#include <stdbool.h>

enum { BARE_THREADS = 4, BARE_STACK = 32768 };

struct bare_thread {
    void (*body)(struct bare_thread *);
    volatile int alive; /* its tid, until the kernel clears it */
    int index;
    volatile unsigned long count;
    volatile int go;
    char stack[BARE_STACK] __attribute__((aligned(16)));
};
extern struct bare_thread bare_threads[BARE_THREADS];

/* Starts bare_threads[index] and waits until it lives. Ends the program if that fails. */
struct bare_thread *bare_start(int index, void (*body)(struct bare_thread *));

/* Waits until it has ended. */
void bare_join(struct bare_thread *thread);

/* Waits some seconds for the value: is it there? */
bool becomes(volatile unsigned long *value, unsigned long wanted);

/* For bodies: waits for self->go, and counts until it is set. */
void wait_to_go(struct bare_thread *self);
void spin(struct bare_thread *self);

#endif
