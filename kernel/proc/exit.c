// The end of threads, and of the processes that they were.
#include <abi/errno.h>
#include <abi/wait.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/path.h>
#include <mm/space.h>
#include <proc/exit.h>
#include <proc/internal.h>
#include <proc/interval_timer.h>
#include <proc/power.h>
#include <proc/stop.h>
#include <proc/thread_group.h>
#include <proc/wait_child.h>

// Gives back the counted objects, in an order in which each may still use the next.
static void release_objects(struct thread *self) {
    file_table_put(self->files);
    fs_context_put(self->fs);
    self->files = NULL;
    self->fs = NULL;
    // From here on this is a kernel thread: it leaves the space before the tables go.
    space_deactivate();
    space_put(proc_swap_space(self, NULL));
}

// The children go to the first process; those that are dead already are its to reap, and so stand
// before its living ones.
static void give_away_children(struct proc *self) {
    struct proc *child, *spare;
    bool any = !list_empty(&self->children);
    list_for_each_safe(child, spare, &self->children, sibling) {
        child->parent = proc_init;
        child->exit_signal = SIGCHLD;
        group_check_orphaned(child->group, self, NULL);
        list_remove(&child->sibling);
        if (child->state == PROC_ALIVE)
            list_push_back(&proc_init->children, &child->sibling);
        else
            list_push_front(&proc_init->children, &child->sibling);
    }
    if (any)
        wake_all(&proc_init->child_exit);
}

// A zombie is kept only for a parent that will ask.
static bool parent_cares(const struct proc *self) {
    struct proc *parent = self->parent;
    bool cares = false;
    spin_lock(&parent->lock);
    const struct thread *thread = proc_main_thread(parent);
    if (thread)
        cares = self->exit_signal != SIGCHLD ||
                (signal_handler(thread, SIGCHLD) != SIG_IGN &&
                 !signal_has_flag(thread, SIGCHLD, SA_NOCLDWAIT));
    spin_unlock(&parent->lock);
    return cares;
}

static void become_zombie(struct proc *self) {
    spin_lock(&proc_tree_lock);
    group_check_orphaned(self->group, self->parent, self);
    give_away_children(self);
    self->state = PROC_ZOMBIE;
    wait_notify(self, self->exit_status);
    if (parent_cares(self)) {
        // First among its siblings: wait finds a zombie without passing those that live.
        list_remove(&self->sibling);
        list_push_front(&self->parent->children, &self->sibling);
    } else {
        self->state = PROC_REAPED;
        proc_unpublish(self);
        proc_put(self);
    }
    if (power_ending)
        power_process_ended();
    spin_unlock(&proc_tree_lock);
}

void (*proc_session_end)(struct tty *tty, uint32_t id);

// A session without its leader has no controlling terminal.
static void leave_terminal(void) {
    struct tty *tty = proc_is_session_leader() ? proc_session_set_tty(NULL) : NULL;
    if (tty)
        proc_session_end(tty, proc_current()->pid);
}

// From here on nobody finds the calling thread through its process. Was it the last one? The status
// of a process that nothing else ends is that of its first thread.
static bool leave_group(struct thread *self, int status) {
    struct proc *proc = self->proc;
    spin_lock(&proc->lock);
    list_remove(&self->proc_node);
    self->signals_blocked = UINT64_MAX;
    signal_thread_leaves(self);
    usage_thread_leaves(proc, self);
    if (self->tid == proc->pid && !proc->exiting)
        proc->exit_status = status;
    bool last = list_empty(&proc->threads);
    proc->exiting |= last;
    spin_unlock(&proc->lock);
    return last;
}

// The thread has nothing any more; when that is true of all, the process is dead.
static bool all_gone(struct thread *self) {
    struct proc *proc = self->proc;
    spin_lock(&proc->lock);
    usage_thread_leaves(proc, self);
    proc->thread_count--;
    if (proc->execing && proc->thread_count == 1)
        wake_all(&proc->threads_gone);
    bool gone = !proc->thread_count;
    stop_check(proc);
    spin_unlock(&proc->lock);
    return gone;
}

void thread_end(int status) {
    struct thread *self = thread_current();
    struct proc *proc = self->proc;
    thread_leave_locks(self);
    if (leave_group(self, status)) {
        if (proc == proc_init)
            power_init_exited(proc->exit_status);
        interval_timers_delete(proc, true);
        leave_terminal();
        proc_set_program(proc, NULL);
    }
    thread_leave_space(self);
    release_objects(self);
    if (self->tid != proc->pid)
        thread_free_tid(self);
    if (all_gone(self))
        become_zombie(proc);
    signal_handlers_put(self->handlers);
    cred_put(self->cred);
    self->proc = NULL;
    proc_put(proc);
    thread_exit();
}
