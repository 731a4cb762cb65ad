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
#include <proc/power.h>
#include <proc/signal.h>
#include <sched/clock.h>

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
        any = true;
    }
    list_append_all(&proc_init->children, &self->children);
    if (any)
        wake_all(&proc_init->child_exit);
}

// A zombie is kept only for a parent that will ask.
static bool parent_cares(const struct proc *parent) {
    const struct thread *thread = parent->leader;
    if (!thread)
        return false;
    const struct sigaction *action = &thread->handlers->actions[SIGCHLD - 1];
    return action->sa_handler != SIG_IGN && !(action->sa_flags & SA_NOCLDWAIT);
}

static void become_zombie(struct proc *self, struct thread *thread, int status) {
    spin_lock(&proc_tree_lock);
    give_away_children(self);
    spin_lock(&self->lock);
    list_remove(&thread->proc_node);
    signal_thread_leaves(thread);
    self->thread_count--;
    self->used = usage_now();
    self->exit_status = status;
    self->state = PROC_ZOMBIE;
    spin_unlock(&self->lock);
    struct proc *parent = self->parent;
    if (parent_cares(parent)) {
        // First among its siblings: wait finds a zombie without passing those that live.
        list_remove(&self->sibling);
        list_push_front(&parent->children, &self->sibling);
    } else {
        self->state = PROC_REAPED;
        proc_unpublish(self);
        proc_put(self);
    }
    wake_all(&parent->child_exit);
    proc_signal(parent, SIGCHLD);
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

// --- wait ---

static bool child_matches(const struct proc *child, int64_t which, uint32_t my_group) {
    if (which > 0)
        return child->pid == which;
    if (which == -1)
        return true;
    return child->group->id == (which ? (uint64_t)-which : my_group);
}

// Looks through the children: *zombie one that matches and is dead, result: does any match?
static bool children_scan(struct proc *self, int64_t which, struct proc **zombie) {
    struct proc *child;
    bool any = false;
    *zombie = NULL;
    list_for_each(child, &self->children, sibling) {
        if (!child_matches(child, which, self->group->id))
            continue;
        any = true;
        if (child->state == PROC_ZOMBIE) {
            *zombie = child;
            break;
        }
    }
    return any;
}

struct usage usage_now(void) {
    const struct thread *self = thread_current();
    return (struct usage){ self->run_ticks + (time_read() - self->run_start), self->faults,
                           self->faults_major };
}

struct rusage usage_show(const struct usage *used) {
    uint64_t us = ticks_to_ns(used->run_ticks) / 1000;
    return (struct rusage){ .ru_utime = { .tv_sec = us / 1000000, .tv_usec = us % 1000000 },
                            .ru_minflt = used->faults - used->faults_major,
                            .ru_majflt = used->faults_major };
}

static void usage_add(struct usage *to, const struct usage *more) {
    to->run_ticks += more->run_ticks;
    to->faults += more->faults;
    to->faults_major += more->faults_major;
}

static uint32_t child_reap(struct proc *self, struct proc *child, int *status,
                           struct rusage *usage) {
    uint32_t pid = child->pid;
    *status = child->exit_status;
    struct usage used = child->used;
    usage_add(&used, &child->children_used);
    usage_add(&self->children_used, &used);
    *usage = usage_show(&used);
    child->state = PROC_REAPED;
    proc_unpublish(child);
    proc_put(child);
    return pid;
}

int64_t proc_wait(int64_t which, int options, int *status, struct rusage *usage) {
    if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WALL | __WNOTHREAD | (int)__WCLONE))
        return -EINVAL;
    struct proc *self = proc_current(), *zombie;
    bool any = false;
    int error = 0;
    spin_lock(&proc_tree_lock);
    if (options & WNOHANG)
        any = children_scan(self, which, &zombie);
    else
        error = wait_event_interruptible(
            &self->child_exit, !(any = children_scan(self, which, &zombie)) || zombie,
            &proc_tree_lock);
    int64_t result = error;
    if (!error && !any)
        result = -ECHILD;
    else if (!error)
        result = zombie ? child_reap(self, zombie, status, usage) : 0;
    spin_unlock(&proc_tree_lock);
    return result;
}
