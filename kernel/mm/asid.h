// Address space identifiers: tags in the TLB, so that a change of space need not flush it
// (Privileged Architecture, "Supervisor Address Translation and Protection (satp) Register").
//
// There are few, and spaces come and go: an ASID is given with the generation in which it is good.
// When all are used up a new generation begins, in which every space gets a new one when it next
// runs, and every hart flushes its TLB once before it runs a space with one. ASID 0 is the kernel's
// own tables'. With an ASID width of 0 (hardware may have none) every change of space flushes.
#ifndef MM_ASID_H
#define MM_ASID_H

#include <debug/panic.h>
#include <riscv/pte.h>
#include <stdbool.h>
#include <sched/hart.h>
#include <stdint.h>

#define ASID_GENERATION_SHIFT 16

extern uint64_t asid_generation;        // the present one

static inline uint64_t asid_number(uint64_t asid) { return asid & SATP_ASID_MASK; }
static inline uint64_t asid_satp(uint64_t asid) { return asid_number(asid) << SATP_ASID_SHIFT; }

// Sees to it that *asid is one of the present generation for `hart`, which is about to run a space
// with it: true if the hart must flush that ASID first. Preemption off.
bool must_check asid_renew_slowly(struct hart *hart, uint64_t *asid);

static inline bool must_check asid_renew(struct hart *hart, uint64_t *asid) {
    uint64_t now = __atomic_load_n(&asid_generation, __ATOMIC_ACQUIRE);
    if (*asid >> ASID_GENERATION_SHIFT == now && hart->asid_generation == now)
        return false;
    return asid_renew_slowly(hart, asid);
}

// Boot: finds out how many there are; uses no more than `limit`, if that is not 0.
void asid_init(uint64_t limit);

#endif
