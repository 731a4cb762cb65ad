// Bringing up the harts (SBI HSM specification).
#include <boot/harts.h>
#include <boot/platform.h>
#include <debug/log.h>
#include <dev/plic.h>
#include <mm/kernel_map.h>
#include <riscv/csr.h>
#include <riscv/sbi.h>
#include <sched/clock.h>
#include <sched/sched.h>
#include <sched/timer_hardware.h>
#include <riscv/sv39.h>

// What _start_secondary reads, by physical address.
struct hart_start {
    uint64_t satp, thread, stack;
    uint64_t ticket;                // hart id + 1 once the rest is valid: start_late looks for it
};
_Static_assert(sizeof(struct hart_start) == 32 && HARTS_MAX == 8, "boot.S knows these");

extern const char _start_secondary[], _start[], boot_stack_top[], boot_emergency_top[];
extern struct thread boot_thread;
extern pte_t boot_root[];

struct thread boot_thread;

extern struct hart_start hart_starts[];
struct hart_start hart_starts[HARTS_MAX];

// Bit by bit what firmware may hand out: the counters that a user may read.
#define COUNTERS_CYCLE_TIME_INSTRET 7

static void hart_init(void) {
    csr_write(scounteren, COUNTERS_CYCLE_TIME_INSTRET);
    csr_clear(sstatus, SSTATUS_FS | SSTATUS_SUM | SSTATUS_MXR);
    timer_hardware_set(DEADLINE_NEVER);
}

const char *harts_number(uint64_t boot_hart_id, uint32_t *index) {
    hart_count = platform.hart_count;
    for (uint32_t i = 0; i < hart_count; i++) {
        harts[i].index = i;
        harts[i].id = platform.hart_ids[i];
        if (harts[i].id == boot_hart_id) {
            *index = i;
            return NULL;
        }
    }
    if (platform.harts_beyond)
        return "of more than 8 harts only the first 8 are used, and the hart that runs this is another";
    return "the hart that runs this is not in the device tree";
}

void harts_init_boot(uint32_t index) {
    for (uint32_t i = 0; i < hart_count; i++) {
        harts[i].index = i;
        harts[i].id = platform.hart_ids[i];
    }
    boot_thread.stack = (uint64_t)boot_stack_top;
    harts[index].stack.emergency = (uint64_t)boot_emergency_top;
    sched_init_hart(&harts[index], &boot_thread);
    hart_init();
}

// The image's physical address of something in it.
static uint64_t image_phys(const void *virt) {
    struct sv39_place place = sv39_walk(kernel_root, (uint64_t)virt, 0);
    return pte_phys(*place.pte) + (uint64_t)virt % PAGE_SIZE;
}

void hart_interrupts_enable(void) {
    csr_write(sie, SIE_SSIE | SIE_STIE | SIE_SEIE);
    irq_enable();
}

static uint64_t emergency_stack_alloc(void) {
    struct thread *thread = sched_memory.thread_alloc();
    if (!thread)
        panic("no memory for a hart's emergency stack");
    return thread->stack;
}

static struct thread *idle_thread_alloc(void) {
    struct thread *idle = thread_create("idle", NULL, NULL);
    if (!idle)
        panic("no memory for a hart's idle thread");
    // It is not switched to: it starts running as it is, with no lock held.
    idle->current.spin_depth = 0;
    return idle;
}

static uint32_t starter;                // index of the hart that starts the others

// Sleeps until the hart, which has been started, is there: it sends an interrupt. Interrupts are off, so
// that one that is pending only ends the wfi.
static void hart_await(struct hart *hart) {
    uint64_t deadline = time_read() + ns_to_ticks(10 * NS_PER_SECOND);
    timer_hardware_set(deadline);
    while (!__atomic_load_n(&hart->online, __ATOMIC_ACQUIRE)) {
        if (time_read() >= deadline)
            panic("hart %u (id %lu) was started and does not come", hart->index, hart->id);
        hart_wait();
        csr_clear(sip, SIE_SSIE);
    }
    timer_hardware_set(DEADLINE_NEVER);
}

static void hart_start(struct hart *hart) {
    struct thread *idle = idle_thread_alloc();
    struct hart_start *start = &hart_starts[hart->index];
    sched_init_hart(hart, idle);
    hart->stack.emergency = emergency_stack_alloc();
    hart->online = false;
    *start = (struct hart_start){ kernel_satp(), (uint64_t)idle, idle->stack, 0 };
    __atomic_store_n(&start->ticket, hart->id + 1, __ATOMIC_RELEASE);
    int error = sbi_hart_start(hart->id, image_phys(_start_secondary), image_phys(start));
    if (error) {
        log_error("hart %u (id %lu): firmware does not start it (error %d)", hart->index,
                  hart->id, -error);
        return;
    }
    hart_await(hart);
}

void harts_start(void) {
    // The boot hart's own emergency stack was only good enough until there was memory.
    this_hart()->stack.emergency = emergency_stack_alloc();
    if (hart_count > 1)
        log_info("harts: waiting for %u more", hart_count - 1);
    if (platform.harts_beyond)
        log_info("harts: those beyond the first %u are left alone", hart_count);
    starter = current()->hart;
    csr_set(sie, SIE_SSIE | SIE_STIE);
    for (uint32_t i = 0; i < hart_count; i++)
        if (i != starter)
            hart_start(&harts[i]);
}

// entry.S: the first C code of the other harts.
void boot_secondary(void);
void boot_secondary(void) {
    hart_init();
    plic_init_hart();
    struct hart *hart = this_hart();
    __atomic_store_n(&hart->online, true, __ATOMIC_RELEASE);
    harts_interrupt(1u << starter);
    hart_interrupts_enable();
    sched_idle();
}
