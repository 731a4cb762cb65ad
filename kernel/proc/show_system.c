// The system as a whole: /proc/stat, loadavg, uptime.
#include <proc/internal.h>
#include <proc/show.h>
#include <riscv/csr.h>
#include <sched/account.h>
#include <sched/clock.h>

// user nice system idle, and what is not told apart: iowait irq softirq steal guest guest_nice.
static void times_row(struct text *text, const struct hart_times *times) {
    text_printf(text, " %lu %lu %lu %lu 0 0 0 0 0 0\n", clock_ticks(times->user),
                clock_ticks(times->nice), clock_ticks(times->system), clock_ticks(times->idle));
}

static struct hart_times all_times(void) {
    struct hart_times all = { 0 };
    for (uint32_t i = 0; i < hart_count; i++) {
        struct hart_times times = hart_times(&harts[i]);
        all.user += times.user;
        all.nice += times.nice;
        all.system += times.system;
        all.idle += times.idle;
    }
    return all;
}

static void show_interrupt_counts(struct text *text) {
    uint64_t counts[IRQ_COUNT] = { 0 }, all = 0;
    for (uint32_t i = 0; i < hart_count; i++)
        for (unsigned code = 0; code < IRQ_COUNT; code++) {
            counts[code] += harts[i].interrupts[code];
            all += harts[i].interrupts[code];
        }
    text_printf(text, "intr %lu", all);
    for (unsigned code = 0; code < IRQ_COUNT; code++)
        text_printf(text, " %lu", counts[code]);
    text_printf(text, "\n");
}

int show_stat(struct text *text) {
    struct hart_times all = all_times();
    uint64_t switches = 0;
    text_printf(text, "cpu ");
    times_row(text, &all);
    for (uint32_t i = 0; i < hart_count; i++) {
        struct hart_times times = hart_times(&harts[i]);
        text_printf(text, "cpu%u", i);
        times_row(text, &times);
        switches += harts[i].switches;
    }
    show_interrupt_counts(text);
    uint64_t boot = (clock_realtime_ns() - clock_monotonic_ns()) / NS_PER_SECOND;
    text_printf(text, "ctxt %lu\nbtime %lu\nprocesses %lu\n", switches, boot, proc_ever());
    text_printf(text, "procs_running %u\nprocs_blocked %u\n", threads_active(), threads_blocked());
    return 0;
}

int show_load(struct text *text) {
    uint64_t loads[3];
    load_averages(loads);
    for (unsigned i = 0; i < 3; i++) {
        uint64_t rounded = loads[i] + (1u << LOAD_BITS) / 200;
        text_printf(text, "%lu.%02lu ", rounded >> LOAD_BITS,
                    (rounded & ((1u << LOAD_BITS) - 1)) * 100 >> LOAD_BITS);
    }
    text_printf(text, "%u/%lu %u\n", threads_active(), proc_total(), proc_newest());
    return 0;
}

static void seconds(struct text *text, uint64_t ns, const char *end) {
    text_printf(text, "%lu.%02lu%s", ns / NS_PER_SECOND, ns % NS_PER_SECOND / 10000000, end);
}

int show_uptime(struct text *text) {
    seconds(text, clock_monotonic_ns(), " ");
    seconds(text, ticks_to_ns(all_times().idle), "\n");
    return 0;
}
