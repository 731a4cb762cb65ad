// What each process is doing, as a table.
#include <lib/format.h>
#include <mm/space.h>
#include <proc/internal.h>
#include <proc/status.h>
#include <sched/clock.h>

static const char *state_name(const struct proc *proc, const struct thread *thread) {
    if (!thread)
        return "zombie";
    if (proc->stopped)
        return "stopped";
    switch (thread->state) {
    case THREAD_NEW: return "new";
    case THREAD_READY: return "ready";
    case THREAD_RUNNING: return "running";
    case THREAD_WAITING: return "waiting";
    default: return "zombie";
    }
}

// proc_tree_lock and proc->lock are held: neither the thread nor its space goes away.
static int line(const struct proc *proc, char *buffer, size_t size) {
    const struct thread *thread = proc_main_thread(proc);
    uint64_t ticks = 0;
    usage_of_proc(proc, &ticks);
    const char *wait = thread && thread->state == THREAD_WAITING ? thread->wait_name : "-";
    uint64_t pages = thread && thread->space ? thread->space->pages : 0;
    return snprintf(buffer, size, "%5u %5u %5u %5u %-8s %-14s %8lu %7lu %s\n", proc->pid,
                    proc->parent ? proc->parent->pid : 0, proc->group->id,
                    proc->group->session->id, state_name(proc, thread), wait,
                    ticks_to_ns(ticks) / 1000000, pages * 4, proc->name);
}

long proc_status_text(char *buffer, size_t size) {
    long used = snprintf(buffer, size, "%5s %5s %5s %5s %-8s %-14s %8s %7s %s\n", "PID", "PPID",
                         "PGID", "SID", "STATE", "WAITS-FOR", "TIME(ms)", "RSS(K)", "NAME");
    uint32_t pid = 0;
    struct proc *proc;
    spin_lock(&proc_tree_lock);
    while ((proc = proc_next(&pid)) && used < (long)size) {
        spin_lock(&proc->lock);
        used += line(proc, buffer + used, size - used);
        spin_unlock(&proc->lock);
    }
    spin_unlock(&proc_tree_lock);
    return used < (long)size ? used : (long)size;
}
