// Address space identifiers: tags in the TLB, so that a change of space need not flush it
// (Privileged Architecture, "Supervisor Address Translation and Protection (satp) Register").
//
// There are few, and spaces come and go: an ASID is given with the generation in which it is good.
// When all are used up a new generation begins. A space gets a new one, and a hart flushes its TLB and is
// of the new generation too, when the hart is to run the space and they are not of one generation. ASID 0
// is the kernel's own tables', and everybody's where the width is 0 (hardware may have none): every change
// of space to one that has it flushes.
#ifndef MM_ASID_H
#define MM_ASID_H

#include <debug/panic.h>
#include <riscv/pte.h>
#include <stdbool.h>
#include <sched/hart.h>
#include <stdint.h>

#define ASID_GENERATION_SHIFT 16

#define ASID_NONE UINT64_MAX            // of no generation

static inline uint64_t asid_number(uint64_t asid) { return (uint16_t)asid; }

// May `hart` run a space with this ASID as it is? It may of the generation that it flushed for, even when
// there is a newer one: in its TLB, each ASID of that is one space's. Preemption off.
static inline bool asid_good(const struct hart *hart, uint64_t asid) {
    return asid >> ASID_GENERATION_SHIFT == hart->asid_generation;
}

// Makes *asid one of the present generation, and the hart ready for it. Preemption off.
void asid_renew(struct hart *hart, uint64_t *asid);

// Boot: finds out how many there are; uses no more than `limit`, if that is not 0.
void asid_init(uint64_t limit);

#endif
