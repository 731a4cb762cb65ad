// Each source is enabled in the context of one hart only, so that one hart wakes for it and
// not all. Sources are dealt out in turn over the harts that are open.
//
// A completion counts only while the source is enabled for the context that completes
// (chapter 8), so a source that is being handled is moved after its completion.
#include <debug/panic.h>
#include <dev/plic.h>
#include <mm/heap.h>
#include <riscv/csr.h>
#include <stdbool.h>
#include <stddef.h>
#include <sync/spinlock.h>

// The memory map of chapter 3, in bytes.
enum {
    PRIORITIES = 0x0, ENABLES = 0x2000, ENABLES_STRIDE = 0x80,
    CONTEXTS = 0x200000, CONTEXT_STRIDE = 0x1000, CONTEXT_THRESHOLD = 0, CONTEXT_CLAIM = 4,
};

enum { HARTS_MAX = 32, NOWHERE = HARTS_MAX };

struct source {
    void (*handler)(void *);
    void *argument;
    const char *name;
    uint64_t *counts;           // by hart
    unsigned hart;              // where it is to go
    unsigned enabled_on;        // where it goes now, or NOWHERE
    bool in_service;            // between claim and completion
};

static struct {
    struct spinlock lock;       // guards all below once interrupts flow
    volatile uint8_t *base;
    unsigned source_count, hart_count;
    int context_of_hart[HARTS_MAX];
    uint32_t open_harts;        // a bit each
    struct source *sources;     // indexed by source; 0 does not exist
} plic = { .lock = SPINLOCK_INIT("plic") };

static volatile uint32_t *plic_register_at(uint32_t offset) {
    return (volatile uint32_t *)(plic.base + offset);
}

static volatile uint32_t *claim_register(unsigned hart) {
    return plic_register_at(CONTEXTS + CONTEXT_CLAIM +
                            (uint32_t)plic.context_of_hart[hart] * CONTEXT_STRIDE);
}

static void enable_set(unsigned source, unsigned hart, bool on) {
    volatile uint32_t *word =
        plic_register_at(ENABLES + (uint32_t)plic.context_of_hart[hart] * ENABLES_STRIDE +
                         source / 32 * 4);
    uint32_t bit = 1u << source % 32;
    *word = on ? *word | bit : *word & ~bit;
}

// Makes where the source goes what it is to be. plic.lock is held.
static void source_move(unsigned number) {
    struct source *source = &plic.sources[number];
    if (source->enabled_on == source->hart || source->in_service)
        return;
    if (source->enabled_on != NOWHERE)
        enable_set(number, source->enabled_on, false);
    enable_set(number, source->hart, true);
    source->enabled_on = source->hart;
}

static unsigned next_open_hart(unsigned hart) {
    do
        hart = (hart + 1) % plic.hart_count;
    while (!(plic.open_harts >> hart & 1));
    return hart;
}

// Deals all registered sources out. plic.lock is held and a hart is open.
static void sources_spread(void) {
    unsigned hart = plic.hart_count - 1;
    for (unsigned i = 1; i <= plic.source_count; i++)
        if (plic.sources[i].handler) {
            hart = next_open_hart(hart);
            plic.sources[i].hart = hart;
            source_move(i);
        }
}

uint64_t plic_window_size(const int *context_of_hart, unsigned harts) {
    int last = 0;
    for (unsigned hart = 0; hart < harts; hart++)
        if (context_of_hart[hart] > last)
            last = context_of_hart[hart];
    return CONTEXTS + (uint64_t)(last + 1) * CONTEXT_STRIDE;
}

void plic_init(volatile void *base, unsigned sources, const int *context_of_hart,
               unsigned harts) {
    assert(harts <= HARTS_MAX);
    plic.base = base;
    plic.source_count = sources;
    plic.hart_count = harts;
    plic.sources = kzalloc((sources + 1) * sizeof *plic.sources);
    if (!plic.sources)
        panic("no memory for %u interrupt sources at boot", sources);
    for (unsigned i = 0; i <= sources; i++) {
        plic.sources[i].enabled_on = NOWHERE;
        *plic_register_at(PRIORITIES + i * 4) = 0;
    }
    for (unsigned hart = 0; hart < harts; hart++) {
        plic.context_of_hart[hart] = context_of_hart[hart];
        for (unsigned i = 0; context_of_hart[hart] >= 0 && i <= sources; i += 32)
            *plic_register_at(ENABLES + (uint32_t)context_of_hart[hart] * ENABLES_STRIDE +
                              i / 32 * 4) = 0;
    }
}

void plic_init_hart(void) {
    spin_lock(&plic.lock);
    unsigned hart = current()->hart;
    if (plic.context_of_hart[hart] >= 0) {
        *plic_register_at(CONTEXTS + CONTEXT_THRESHOLD +
                          (uint32_t)plic.context_of_hart[hart] * CONTEXT_STRIDE) = 0;
        plic.open_harts |= 1u << hart;
        sources_spread();
    }
    spin_unlock(&plic.lock);
}

void plic_register(unsigned source, const char *name, void (*handler)(void *), void *argument) {
    assert(source >= 1 && source <= plic.source_count);
    uint64_t *counts = kzalloc(plic.hart_count * sizeof *counts);
    if (!counts)
        panic("no memory to count the interrupts of %s", name);
    spin_lock(&plic.lock);
    assert(!plic.sources[source].handler);
    plic.sources[source].handler = handler;
    plic.sources[source].argument = argument;
    plic.sources[source].name = name;
    plic.sources[source].counts = counts;
    *plic_register_at(PRIORITIES + source * 4) = 1;
    if (plic.open_harts)
        sources_spread();
    spin_unlock(&plic.lock);
}

void plic_route(unsigned source, unsigned hart) {
    spin_lock(&plic.lock);
    assert(source >= 1 && source <= plic.source_count && (plic.open_harts >> hart & 1));
    plic.sources[source].hart = hart;
    source_move(source);
    spin_unlock(&plic.lock);
}

// The source that this hart is to handle now; 0: none.
static unsigned plic_claim(unsigned hart) {
    spin_lock(&plic.lock);
    unsigned number = *claim_register(hart);
    if (number && number <= plic.source_count)
        plic.sources[number].in_service = true;
    spin_unlock(&plic.lock);
    return number;
}

static void plic_complete(unsigned hart, unsigned number) {
    spin_lock(&plic.lock);
    io_fence();
    *claim_register(hart) = number;
    if (number <= plic.source_count) {
        plic.sources[number].in_service = false;
        source_move(number);
    }
    spin_unlock(&plic.lock);
}

void plic_interrupt(void) {
    unsigned hart = current()->hart, number;
    while ((number = plic_claim(hart))) {
        if (number <= plic.source_count && plic.sources[number].handler) {
            plic.sources[number].counts[hart]++;    // a hart writes its own only
            plic.sources[number].handler(plic.sources[number].argument);
        }
        plic_complete(hart, number);
    }
}

unsigned plic_sources(void) { return plic.source_count; }
const char *plic_source_name(unsigned source) { return plic.sources[source].name; }
uint64_t plic_count(unsigned source, unsigned hart) { return plic.sources[source].counts[hart]; }
