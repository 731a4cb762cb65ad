// /proc/PID/stat and statm: what ps and top read.
#include <abi/errno.h>
#include <mm/space.h>
#include <proc/look.h>
#include <proc/show.h>
#include <sched/clock.h>

// 14 to 25: times, priority, sizes.
static void show_times(struct text *text, const struct proc_look *look) {
    const struct usage *used = &look->used, *children = &look->children;
    const struct space *space = look->space;
    text_printf(text, "%lu %lu %lu %lu ", clock_ticks(used->user_ticks),
                clock_ticks(used->system_ticks), clock_ticks(children->user_ticks),
                clock_ticks(children->system_ticks));
    text_printf(text, "%d %d %u 0 %lu ", 20 + look->nice, look->nice, look->threads,
                clock_monotonic_at(look->born) / (NS_PER_SECOND / CLOCK_TICKS));
    text_printf(text, "%lu %lu %lu ", space ? space->size : 0, space ? space->pages : 0,
                look->limits[RLIMIT_RSS].rlim_cur);
}

// 26 to 37: where its memory begins and ends (for those who may know), and signals.
static void show_places(struct text *text, const struct proc_look *look, bool may_see) {
    const struct space *space = may_see ? look->space : NULL;
    const uint32_t low = INT32_MAX;     // the first 31 signals; status has them all
    text_printf(text, "%lu %lu %lu 0 0 ", space ? space->code_start : 0,
                space ? space->code_end : 0, space ? space->stack_start : 0);
    text_printf(text, "%lu %lu %lu %lu %d 0 0 ", look->pending & low, look->blocked & low,
                look->ignored & low, look->caught & low, !!look->waits_for);
}

// 38 to 52.
static void show_rest(struct text *text, const struct proc_look *look, bool may_see) {
    const struct space *space = may_see ? look->space : NULL;
    text_printf(text, "%d %u 0 0 0 0 0 ", look->exit_signal, look->hart);
    if (space)
        text_printf(text, "%lu %lu %lu %lu %lu %lu %lu %d\n", space->data_start, space->data_end,
                    space->brk_start, space->arguments.start, space->arguments.end,
                    space->environment.start, space->environment.end, look->exit_status);
    else
        text_printf(text, "0 0 0 0 0 0 0 %d\n", may_see ? look->exit_status : 0);
}

int show_process_stat(struct text *text, uint32_t pid, uint32_t tid) {
    struct proc_look look;
    if (!proc_look(pid, tid, &look))
        return -ESRCH;
    bool may_see = proc_may_look(pid);
    const struct usage *used = &look.used, *children = &look.children;
    text_printf(text, "%u (%s) %c %u %u %u %u %d 0 ", look.tid, look.name, look_letter(look.state),
                look.parent, look.group, look.session, look.tty,
                look.tty ? (int)look.foreground : -1);
    text_printf(text, "%lu %lu %lu %lu ", used->faults - used->faults_major,
                children->faults - children->faults_major, used->faults_major,
                children->faults_major);
    show_times(text, &look);
    show_places(text, &look, may_see);
    show_rest(text, &look, may_see);
    proc_look_end(&look);
    return 0;
}

// Size, resident, of files, code, libraries (0), data and stack, dirty (0).
int show_process_statm(struct text *text, uint32_t pid, uint32_t tid) {
    struct proc_look look;
    if (!proc_look(pid, tid, &look))
        return -ESRCH;
    struct space_sizes sizes = { 0 };
    if (look.space)
        sizes = space_sizes(look.space);
    text_printf(text, "%lu %lu %lu %lu 0 %lu 0\n", sizes.all, sizes.resident, sizes.resident_file,
                sizes.code, sizes.data + sizes.stack);
    proc_look_end(&look);
    return 0;
}
