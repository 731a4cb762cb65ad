#include <abi/errno.h>
#include <abi/wait.h>
#include <debug/log.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/fs.h>
#include <fs/path.h>
#include <mm/copy.h>
#include <mm/space.h>
#include <proc/exit.h>
#include <proc/internal.h>
#include <proc/interval_timer.h>
#include <proc/power.h>
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

// The children go to the first process; those that are dead already are its to reap.
static void give_away_children(struct proc *self) {
    struct proc *child;
    bool any = false;
    list_for_each(child, &self->children, sibling) {
        child->parent = proc_init;
        group_check_orphaned(child, NULL);
        any = true;
    }
    list_append_all(&proc_init->children, &self->children);
    if (any)
        wake_all(&proc_init->child_exit);
}

// A zombie is kept only for a parent that will ask.
static bool parent_cares(struct proc *parent) {
    bool cares = false;
    spin_lock(&parent->lock);
    if (!list_empty(&parent->threads)) {
        const struct thread *thread = list_first(&parent->threads, struct thread, proc_node);
        struct sigaction action = signal_action_get(thread, SIGCHLD);
        cares = action.sa_handler != SIG_IGN && !(action.sa_flags & SA_NOCLDWAIT);
    }
    spin_unlock(&parent->lock);
    return cares;
}

static void become_zombie(struct proc *self, struct thread *thread, int status) {
    spin_lock(&proc_tree_lock);
    group_check_orphaned(self, self);
    give_away_children(self);
    spin_lock(&self->lock);
    list_remove(&thread->proc_node);
    signal_thread_leaves(thread);
    usage_thread_leaves(self, thread);
    self->thread_count--;
    self->exit_status = status;
    self->state = PROC_ZOMBIE;
    spin_unlock(&self->lock);
    struct proc *parent = self->parent;
    wait_notify(self, status);
    if (parent_cares(parent)) {
        // First among its siblings: wait finds a zombie without passing those that live.
        list_remove(&self->sibling);
        list_push_front(&parent->children, &self->sibling);
    } else {
        self->state = PROC_REAPED;
        proc_unpublish(self);
        proc_put(self);
    }
    spin_unlock(&proc_tree_lock);
}

void (*proc_session_end)(struct tty *tty, uint32_t id);

// A session without its leader has no controlling terminal.
static void leave_terminal(void) {
    struct tty *tty = proc_session_tty();
    if (!tty || !proc_is_session_leader())
        return;
    proc_session_set_tty(NULL);
    proc_session_end(tty, proc_current()->pid);
}

void proc_exit(int status) {
    struct thread *thread = thread_current();
    struct proc *self = thread->proc;
    if (self == proc_init)
        power_init_exited(status);
    spin_lock(&self->lock);
    self->exiting = true;
    spin_unlock(&self->lock);
    interval_timers_delete(self, true);
    if (thread->clear_child_tid) {
        uint32_t zero = 0;
        int error = copy_out(thread->clear_child_tid, &zero, sizeof zero);
        (void)error;            // the program's own mistake, and it is gone
    }
    leave_terminal();
    release_objects(thread);
    become_zombie(self, thread, status);
    // Signals and waiters find the thread through the process: now they do not any more.
    spin_lock(&self->lock);
    self->leader = NULL;
    spin_unlock(&self->lock);
    signal_handlers_put(thread->handlers);
    cred_put(thread->cred);
    thread->proc = NULL;
    proc_put(self);
    thread_exit();
}
