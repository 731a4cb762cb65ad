#include <riscv/csr.h>
#include <riscv/sbi.h>
#include <sched/hart.h>

struct hart harts[HARTS_MAX];
uint32_t hart_count;

uint32_t harts_sbi_mask(uint32_t mask, uint64_t *sbi_mask, uint64_t *base) {
    uint32_t left = 0;
    *base = harts[__builtin_ctz(mask)].id;
    for (uint32_t i = 0; i < hart_count; i++)
        if (mask & 1u << i && harts[i].id < *base)
            *base = harts[i].id;
    *sbi_mask = 0;
    for (uint32_t i = 0; i < hart_count; i++) {
        if (!(mask & 1u << i))
            continue;
        if (harts[i].id - *base < 64)
            *sbi_mask |= 1ul << (harts[i].id - *base);
        else
            left |= 1u << i;
    }
    return left;
}

void harts_kick(uint32_t mask) {
    preempt_disable();
    mask &= ~(1u << current()->hart);
    if (mask && current()->spin_depth) {
        this_hart()->kicks |= mask;     // interrupts are off
        csr_set(sip, SIE_SSIE);
    } else {
        harts_interrupt(mask);
    }
    preempt_enable();
}

void harts_kick_postponed(void) {
    struct hart *hart = this_hart();
    uint32_t mask = hart->kicks;
    hart->kicks = 0;
    harts_interrupt(mask);
}

void harts_interrupt(uint32_t mask) {
    while (mask) {
        uint64_t sbi_mask, base;
        mask = harts_sbi_mask(mask, &sbi_mask, &base);
        sbi_send_ipi(sbi_mask, base);
    }
}
