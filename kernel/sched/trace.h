// A record of who ran where and when: one ring a hart, off until somebody asks.
#ifndef SCHED_TRACE_H
#define SCHED_TRACE_H

#include <debug/panic.h>
#include <stdbool.h>
#include <stdint.h>

struct run_queue;
struct thread;

enum trace_reason {
    TRACE_PREEMPT, TRACE_YIELD, TRACE_BLOCK, TRACE_EXIT, TRACE_IDLE,    // switches, by who leaves
    TRACE_WAKE, TRACE_NEW,                                              // became READY
};

// Threads are shown by tid: 0 is the idle thread, TRACE_KERNEL any other of the kernel's own.
#define TRACE_KERNEL UINT32_MAX

struct sched_record {
    uint64_t time;                  // ticks
    uint32_t out, in;
    uint8_t reason;
};

struct sched_ring {
    uint64_t written;               // so far; the last `size` of them are there
    uint64_t size;
    struct sched_record records[];
};

// Frees the rings; with `size` not 0 makes new ones of so many records for each hart and starts. May
// sleep. 0, -ENOMEM, or -EINVAL: larger than the heap gives.
int must_check sched_trace_start(uint64_t size);

// Stops; what was recorded stays.
void sched_trace_stop(void);

// How many records a hart may keep; is it recording?
uint64_t sched_trace_size(bool *on);

// Copies up to `room` records of a hart, from its number *next on, which moves on to the one behind
// them; the oldest there is if that has been overwritten. How many; 0: there are no more.
unsigned sched_trace_read(uint32_t hart, uint64_t *next, struct sched_record *records,
                          unsigned room, uint64_t *lost);

// For sched/: in the ring of the queue, whose lock is held.
void trace_write(struct run_queue *queue, uint64_t now, const struct thread *out,
                 const struct thread *in, enum trace_reason reason);

#endif
