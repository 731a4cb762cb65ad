// A sleeping lock for many readers or one writer. The holder may sleep and may be preempted; never take
// one with a spinlock held or in an interrupt handler.
//
// Those who wait stand in one line, readers and writers. A lock that is let go wakes who is first: one
// writer, or all readers up to the next writer. Until these run, others may take the lock, so that it
// is not idle meanwhile; but who has waited for RWMUTEX_PATIENCE_NS has the next turn, whatever comes.
// Under a strict policy the most important is first.
//
// A writer is lent the priority of those who wait. Readers are not: there may be many, and a list of them,
// which only those would need who write an address space, would cost each page fault more than the lock.
#ifndef SCHED_RWMUTEX_H
#define SCHED_RWMUTEX_H

#include <lib/list.h>
#include <sched/inherit.h>
#include <stdint.h>
#include <sync/spinlock.h>

#define RWMUTEX_PATIENCE_NS 4000000ul

struct rwmutex {
    struct loan loan;           // its state: the writer, or how many readers: see rwmutex.c
    struct spinlock lock;       // guards the line
    struct list line;           // those who wait, in order of arrival
    const char *name;           // what they wait for, shown by ps
};

void rwmutex_init(struct rwmutex *rw, const char *name);

// Take it, sleeping (uninterruptible) until that is possible. Not by who has it in either way already:
// one who waits in between and has lost patience would wait for him, and he for that one.
void rwmutex_read_lock(struct rwmutex *rw);
void rwmutex_write_lock(struct rwmutex *rw);

// Never sleep.
void rwmutex_read_unlock(struct rwmutex *rw);
void rwmutex_write_unlock(struct rwmutex *rw);

#endif
