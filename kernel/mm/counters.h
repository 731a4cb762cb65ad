// What has happened in memory management, counted for those who look. Each hart counts for itself.
#ifndef MM_COUNTERS_H
#define MM_COUNTERS_H

#include <sched/hart.h>
#include <stdint.h>

enum vm_event {
    VM_FAULT, VM_FAULT_MAJOR,           // all page faults; those that had to read a disk
    VM_FAULT_SPURIOUS,                  // the entry allowed it already: a stale translation
    VM_ZERO_FILL, VM_COW_COPY, VM_COW_TAKEOVER,
    VM_SWAP_IN, VM_SWAP_OUT,            // pages
    VM_RECLAIM_FREED, VM_OOM_KILL,
    VM_TLB_FLUSH, VM_TLB_REMOTE,        // of one space; other harts that were asked
    VM_EVENTS,
};

extern uint64_t vm_counters[HARTS_MAX][16];    // a power of two is found faster
_Static_assert(VM_EVENTS <= 16, "one for each event");

// An interrupt or a switch in between may lose a count, which does no harm.
static inline void vm_count_many(enum vm_event event, uint64_t count) {
    vm_counters[current()->hart][event] += count;
}
static inline void vm_count(enum vm_event event) { vm_count_many(event, 1); }

uint64_t vm_events(enum vm_event event);    // the sum over all harts

#endif
