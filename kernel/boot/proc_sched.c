// /proc/sched: the scheduler's settings and what its harts do; it takes commands. /proc/sched_trace:
// who ran where and when.
#include <abi/errno.h>
#include <boot/proc_entries.h>
#include <lib/string.h>
#include <proc-fs/proc_fs.h>
#include <sched/clock.h>
#include <sched/sched.h>

// --- settings ---

static void show_hart(struct text *text, const struct hart *hart) {
    text_printf(text, "hart %u: ready %u switches %lu stolen %lu\n", hart->index,
                __atomic_load_n(&hart->queue.length, __ATOMIC_RELAXED), hart->switches,
                hart->stolen);
}

int show_sched(struct text *text) {
    bool tracing;
    uint64_t records = sched_trace_size(&tracing);
    text_printf(text, "policy:");
    for (unsigned i = 0; sched_policy_at(i); i++)
        text_printf(text, sched_policy_at(i) == sched_policy() ? " [%s]" : " %s",
                    sched_policy_at(i)->name);
    text_printf(text, "\nquantum: %lu us\npreempt: %s\ntrace: %lu%s\n",
                ticks_to_ns(sched_quantum) / 1000, sched_preemption ? "on" : "off", records,
                records && !tracing ? " stopped" : "");
    for (uint32_t i = 0; i < hart_count; i++)
        show_hart(text, &harts[i]);
    return 0;
}

// --- commands ---

// A decimal number, and what follows it; NULL: there is none, or it is too large.
static const char *number_take(const char *text, uint64_t *out) {
    const char *digits = text;
    for (*out = 0; *text >= '0' && *text <= '9' && *out < 1ul << 40; text++)
        *out = *out * 10 + (uint64_t)(*text - '0');
    return text == digits ? NULL : text;
}

static int set_quantum(const char *word) {
    uint64_t number;
    const char *unit = number_take(word, &number);
    if (!unit || (*unit && strcmp(unit, "ms") && strcmp(unit, "us")))
        return -EINVAL;
    return sched_quantum_ns_set(number * (*unit == 'u' ? 1000 : 1000000));
}

static int set_preemption(const char *word) {
    bool on = !strcmp(word, "on");
    if (!on && strcmp(word, "off"))
        return -EINVAL;
    __atomic_store_n(&sched_preemption, on, __ATOMIC_RELAXED);
    return 0;
}

static int set_trace(const char *word) {
    uint64_t records;
    if (!strcmp(word, "stop"))
        return sched_trace_stop(), 0;
    const char *rest = number_take(word, &records);
    return rest && !*rest ? sched_trace_start(records) : -EINVAL;
}

static const struct {
    const char *name;
    int (*set)(const char *word);
} settings[] = {
    { "policy ", sched_policy_choose }, { "quantum ", set_quantum },
    { "preempt ", set_preemption },     { "trace ", set_trace },
};

static int set(const char *line) {
    for (unsigned i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        size_t length = strlen(settings[i].name);
        if (!strncmp(line, settings[i].name, length))
            return settings[i].set(line + length);
    }
    return sched_policy_choose(line);
}

int tell_sched(struct text *text, uint32_t pid, uint32_t tid, const char *line) {
    (void)pid, (void)tid;
    int error = set(line);
    return error ? error : show_sched(text);
}

// --- trace ---

static const char *const reasons[] = {
    [TRACE_PREEMPT] = "preempt", [TRACE_YIELD] = "yield", [TRACE_BLOCK] = "block",
    [TRACE_EXIT] = "exit",       [TRACE_IDLE] = "idle",   [TRACE_WAKE] = "wake",
    [TRACE_NEW] = "new",
};

// A place to go on at: hart and record.
#define PLACE_BITS 48

static void show_record(struct text *text, uint32_t hart, const struct sched_record *record) {
    text_printf(text, "%lu %u %d %d %s\n", clock_monotonic_at(record->time), hart,
                (int)record->out, (int)record->in, reasons[record->reason]);
}

static void show_head(struct text *text) {
    uint64_t lost_all = 0;
    for (uint32_t i = 0; i < hart_count; i++) {
        uint64_t next = 0, lost = 0;
        (void)sched_trace_read(i, &next, NULL, 0, &lost);
        lost_all += lost;
    }
    text_printf(text, "# TIME_NS HART OUT IN REASON (lost %lu)\n", lost_all);
}

int show_sched_trace(struct text *text, uint32_t pid, uint32_t viewer, uint64_t *next) {
    (void)pid, (void)viewer;
    uint32_t hart = *next >> PLACE_BITS;
    uint64_t at = *next & ((1ul << PLACE_BITS) - 1), lost;
    struct sched_record records[8];
    if (!*next)
        show_head(text);
    while (hart < hart_count && !text_full(text)) {
        unsigned count = sched_trace_read(hart, &at, records, 8, &lost);
        for (unsigned i = 0; i < count; i++)
            show_record(text, hart, &records[i]);
        if (!count)
            hart++, at = 0;
    }
    *next = hart < hart_count ? (uint64_t)hart << PLACE_BITS | at : PROC_END;
    return 0;
}
