/*
 * What a thread is made of. Each has a block of memory that ends with its variables (those declared
 * with __thread), to which tp points; before them lies its struct thread. The blocks of all but the
 * first are the upper ends of their stacks:
 *
 *     | guard page | stack ... | struct thread | variables |
 *                                              ^ tp
 */
#ifndef LIBC_THREAD_H
#define LIBC_THREAD_H

#include <stddef.h>

enum thread_fate {
    THREAD_JOINABLE,
    THREAD_DETACHED, /* nobody will wait for it: its memory is its own to free */
    THREAD_ENDED,
};

struct thread {
    int tid; /* the kernel makes it 0 and wakes who waits when the thread has ended */
    int fate;
    void *(*start)(void *);
    void *arg;
    void *result;
    void *memory; /* the mapping; NULL: the first thread's, which is the process's stack */
    size_t size;
};

/* Where the program's variables of this kind begin, as the linker laid them out. */
extern const char tls_image[], tls_image_end[], tls_end[];

#define TLS_ALIGN 64

/* Bytes of a block, TLS_ALIGN to spare for its place. */
static inline size_t thread_block_size(void) {
    return sizeof(struct thread) + (tls_end - tls_image) + 2 * TLS_ALIGN;
}

/* Makes a block somewhere in [memory, memory + thread_block_size()): what tp is to be. */
void *thread_block_make(char *memory);

static inline struct thread *thread_of_pointer(void *pointer) {
    return (struct thread *)pointer - 1;
}

/* clone: the child calls run(arg) on the stack, and never returns. The tid, or -errno. */
long thread_clone(unsigned long flags, void *stack, int *parent_tid, void *tls, int *child_tid,
                  void (*run)(void *), void *arg);

/* Unmaps the memory that the caller runs on and ends it. */
void thread_unmap_exit(void *memory, size_t size) __attribute__((noreturn));

#endif
