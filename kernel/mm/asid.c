#include <mm/asid.h>
#include <riscv/csr.h>
#include <sched/hart.h>
#include <sync/spinlock.h>

static struct spinlock asid_lock = SPINLOCK_INIT("asid");
static uint64_t asid_count;             // ASIDs there are; 1: no more than 0
static uint64_t next = 1;
static uint64_t generation = 1;

void asid_init(uint64_t limit) {
    // Bits that are not there read as 0.
    uint64_t satp = csr_read(satp);
    csr_write(satp, satp | SATP_ASID_MASK << SATP_ASID_SHIFT);
    asid_count = (csr_read(satp) >> SATP_ASID_SHIFT & SATP_ASID_MASK) + 1;
    csr_write(satp, satp);
    tlb_flush_all();
    if (limit && limit < asid_count)
        asid_count = limit;
}

static uint64_t asid_take(void) {
    if (asid_count == 1)
        return generation << ASID_GENERATION_SHIFT;
    if (next >= asid_count) {
        next = 1;
        generation++;
    }
    return generation << ASID_GENERATION_SHIFT | next++;
}

void asid_renew(struct hart *hart, uint64_t *asid) {
    spin_lock(&asid_lock);
    if (*asid >> ASID_GENERATION_SHIFT != generation)
        __atomic_store_n(asid, asid_take(), __ATOMIC_RELAXED);
    uint64_t now = generation;
    spin_unlock(&asid_lock);
    if (hart->asid_generation != now) {
        // What it knows by ASIDs of before may be others' now.
        tlb_flush_all();
        hart->asid_generation = now;
    }
}
