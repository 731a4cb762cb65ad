// Threads with their kernel stacks; sched/ reaches these through sched_memory.
#ifndef MM_STACK_H
#define MM_STACK_H

struct thread;

// A zeroed thread with a mapped stack, NULL when memory is out. May sleep.
struct thread *thread_memory_alloc(void);

// Takes it back for the next thread_memory_alloc. Never sleeps.
void thread_memory_free(struct thread *thread);

#endif
