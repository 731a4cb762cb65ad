// Address space identifiers: tags in the TLB, so that a change of space need not flush it
// (Privileged Architecture, "Supervisor Address Translation and Protection (satp) Register").
//
// There are few, and spaces come and go: an ASID is given with the generation in which it is good.
// When all are used up a new generation begins, in which every space gets a new one when it next
// runs, and every hart flushes its TLB once before it runs a space with one. ASID 0 is the kernel's
// own tables', and everybody's where the width is 0 (hardware may have none): every change of space to
// one that has it flushes.
#ifndef MM_ASID_H
#define MM_ASID_H

#include <debug/panic.h>
#include <riscv/pte.h>
#include <stdbool.h>
#include <sched/hart.h>
#include <stdint.h>

#define ASID_GENERATION_SHIFT 16

extern uint64_t asid_generation;        // the present one

static inline uint64_t asid_number(uint64_t asid) { return (uint16_t)asid; }
static inline uint64_t asid_satp(uint64_t asid) { return asid_number(asid) << SATP_ASID_SHIFT; }

// May `hart` run a space with this ASID as it is? Preemption off.
static inline bool asid_good(const struct hart *hart, uint64_t asid) {
    uint64_t now = __atomic_load_n(&asid_generation, __ATOMIC_ACQUIRE);
    return asid >> ASID_GENERATION_SHIFT == now && hart->asid_generation == now;
}

// Makes *asid one of the present generation, and the hart ready for it. Preemption off.
void asid_renew(struct hart *hart, uint64_t *asid);

// Boot: finds out how many there are; uses no more than `limit`, if that is not 0.
void asid_init(uint64_t limit);

#endif
