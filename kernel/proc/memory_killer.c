#include <debug/log.h>
#include <mm/frame.h>
#include <mm/space.h>
#include <proc/internal.h>
#include <proc/memory_killer.h>

// Pages that its end would give back. proc_tree_lock and proc->lock are held.
static uint64_t pages_held(const struct proc *proc) {
    const struct thread *thread = proc_main_thread(proc);
    const struct space *space = thread ? thread->space : NULL;
    return space && !proc->exiting ? space->pages + space->swapped : 0;
}

// A session's leader on a terminal: the shell at which somebody sits.
static bool is_shell(const struct proc *proc) {
    return proc->group->session->id == proc->pid && proc->group->session->tty;
}

// The one that holds most, shells left out if `spare_shells`. Held; NULL: none.
static struct proc *choose(bool spare_shells, uint64_t *most) {
    struct proc *proc, *chosen = NULL;
    uint32_t pid = 0;
    *most = 0;
    while ((proc = proc_next(&pid))) {
        if (proc == proc_init || (spare_shells && is_shell(proc)))
            continue;
        spin_lock(&proc->lock);
        uint64_t pages = pages_held(proc);
        spin_unlock(&proc->lock);
        if (pages > *most) {
            *most = pages;
            chosen = proc;
        }
    }
    return chosen;
}

bool proc_kill_for_memory(void) {
    uint64_t pages;
    spin_lock(&proc_tree_lock);
    struct proc *victim = choose(true, &pages);
    if (!victim)
        victim = choose(false, &pages);
    if (victim) {
        log_error("out of memory: pid %u (%s) is killed: it holds most, %lu KiB (%lu KiB are free)",
                  victim->pid, victim->name, pages * 4, frames_free() * 4);
        proc_signal(victim, SIGKILL);
    }
    bool mine = victim == proc_current();
    spin_unlock(&proc_tree_lock);
    return victim && !mine;
}
