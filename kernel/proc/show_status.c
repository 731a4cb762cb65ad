// /proc/PID/status and limits: the same as stat in words, and more of it. Lines of Linux's whose value
// is not known here are left out.
#include <abi/errno.h>
#include <fs/cred.h>
#include <mm/space.h>
#include <proc/look.h>
#include <proc/show.h>
#include <sched/hart.h>

static void show_ids(struct text *text, const struct proc_look *look) {
    const struct cred *cred = look->cred;
    text_printf(text, "Tgid:\t%u\nNgid:\t0\nPid:\t%u\nPPid:\t%u\nTracerPid:\t0\n", look->pid,
                look->tid, look->parent);
    text_printf(text, "Uid:\t%u\t%u\t%u\t%u\n", cred->uid, cred->euid, cred->suid, cred->fsuid);
    text_printf(text, "Gid:\t%u\t%u\t%u\t%u\n", cred->gid, cred->egid, cred->sgid, cred->fsgid);
    text_printf(text, "FDSize:\t%u\nGroups:\t", look->handles);
    for (uint32_t i = 0; i < cred->group_count; i++)
        text_printf(text, "%u ", cred->groups[i]);
    text_printf(text, "\n");
}

static void size_row(struct text *text, const char *name, uint64_t pages) {
    text_printf(text, "%s:\t%8lu kB\n", name, pages * (PAGE_SIZE / 1024));
}

static void show_memory(struct text *text, const struct proc_look *look) {
    struct space_sizes sizes = space_sizes(look->space);
    size_row(text, "VmPeak", sizes.all_most);
    size_row(text, "VmSize", sizes.all);
    size_row(text, "VmLck", sizes.locked);
    size_row(text, "VmHWM", sizes.resident_most);
    size_row(text, "VmRSS", sizes.resident);
    size_row(text, "RssAnon", sizes.resident - sizes.resident_file);
    size_row(text, "RssFile", sizes.resident_file);
    size_row(text, "VmData", sizes.data);
    size_row(text, "VmStk", sizes.stack);
    size_row(text, "VmExe", sizes.code);
    size_row(text, "VmPTE", sizes.tables);
    size_row(text, "VmSwap", sizes.swapped);
}

static void show_signals(struct text *text, const struct proc_look *look) {
    text_printf(text, "SigQ:\t%u/%lu\n", look->signals_queued,
                look->limits[RLIMIT_SIGPENDING].rlim_cur);
    text_printf(text, "SigPnd:\t%016lx\nShdPnd:\t%016lx\nSigBlk:\t%016lx\n", look->pending,
                look->pending_shared, look->blocked);
    text_printf(text, "SigIgn:\t%016lx\nSigCgt:\t%016lx\n", look->ignored, look->caught);
}

static void show_harts(struct text *text) {
    text_printf(text, "Cpus_allowed:\t%x\n", (1u << hart_count) - 1);
    text_printf(text, hart_count > 1 ? "Cpus_allowed_list:\t0-%u\n" : "Cpus_allowed_list:\t0\n",
                hart_count - 1);
}

// A name with an end of line or a backslash in it keeps its line.
static void show_name(struct text *text, const char *name) {
    text_printf(text, "Name:\t");
    for (; *name; name++)
        text_printf(text, *name == '\n' ? "\\n" : *name == '\\' ? "\\\\" : "%c", *name);
    text_printf(text, "\n");
}

int show_process_status(struct text *text, uint32_t pid, uint32_t tid) {
    struct proc_look look;
    if (!proc_look(pid, tid, &look))
        return -ESRCH;
    show_name(text, look.name);
    if (look.cred)
        text_printf(text, "Umask:\t%04o\n", look.umask);
    text_printf(text, "State:\t%c (%s)\n", look_letter(look.state), look_state_name(look.state));
    if (look.cred)
        show_ids(text, &look);
    else
        text_printf(text, "Tgid:\t%u\nPid:\t%u\nPPid:\t%u\n", look.pid, look.pid, look.parent);
    if (look.space)
        show_memory(text, &look);
    text_printf(text, "Threads:\t%u\n", look.threads);
    show_signals(text, &look);
    show_harts(text);
    text_printf(text, "voluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%lu\n",
                look.used.voluntary, look.used.involuntary);
    proc_look_end(&look);
    return 0;
}

// --- limits ---

static const char *const limit_names[RLIM_NLIMITS][2] = {
    [RLIMIT_CPU] = { "Max cpu time", "seconds" },
    [RLIMIT_FSIZE] = { "Max file size", "bytes" },
    [RLIMIT_DATA] = { "Max data size", "bytes" },
    [RLIMIT_STACK] = { "Max stack size", "bytes" },
    [RLIMIT_CORE] = { "Max core file size", "bytes" },
    [RLIMIT_RSS] = { "Max resident set", "bytes" },
    [RLIMIT_NPROC] = { "Max processes", "processes" },
    [RLIMIT_NOFILE] = { "Max open files", "files" },
    [RLIMIT_MEMLOCK] = { "Max locked memory", "bytes" },
    [RLIMIT_AS] = { "Max address space", "bytes" },
    [RLIMIT_LOCKS] = { "Max file locks", "locks" },
    [RLIMIT_SIGPENDING] = { "Max pending signals", "signals" },
    [RLIMIT_MSGQUEUE] = { "Max msgqueue size", "bytes" },
    [RLIMIT_NICE] = { "Max nice priority", "" },
    [RLIMIT_RTPRIO] = { "Max realtime priority", "" },
    [RLIMIT_RTTIME] = { "Max realtime timeout", "us" },
};

static void limit_column(struct text *text, uint64_t limit) {
    if (limit == RLIM_INFINITY)
        text_printf(text, "%-20s ", "unlimited");
    else
        text_printf(text, "%-20lu ", limit);
}

int show_process_limits(struct text *text, uint32_t pid, uint32_t tid) {
    struct proc_look look;
    if (!proc_look(pid, tid, &look))
        return -ESRCH;
    text_printf(text, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
    for (unsigned i = 0; i < RLIM_NLIMITS; i++) {
        text_printf(text, "%-25s ", limit_names[i][0]);
        limit_column(text, look.limits[i].rlim_cur);
        limit_column(text, look.limits[i].rlim_max);
        text_printf(text, "%-10s\n", limit_names[i][1]);
    }
    proc_look_end(&look);
    return 0;
}
