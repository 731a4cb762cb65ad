#include <abi/errno.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/path.h>
#include <lib/string.h>
#include <mm/copy.h>
#include <mm/space.h>
#include <proc/fork.h>
#include <proc/fpu.h>
#include <proc/internal.h>
#include <proc/signal.h>

// Gives a child thread its own copies of what fork copies. False: no memory, and
// child_release_objects takes back what there is.
static bool child_copy_objects(struct thread *child) {
    struct thread *self = thread_current();
    return (child->handlers = signal_handlers_copy(self->handlers)) &&
           (child->files = file_table_copy(self->files)) &&
           (child->fs = fs_context_copy(self->fs)) &&
           (child->space = space_fork(self->space)) &&
           (child->cred = cred_get(self->cred));
}

static void child_release_objects(struct thread *child) {
    if (child->handlers)
        signal_handlers_put(child->handlers);
    if (child->files)
        file_table_put(child->files);
    if (child->fs)
        fs_context_put(child->fs);
    if (child->space)
        space_put(child->space);
}

// The child returns from the same call with 0 (psABI: a0).
static void child_set_registers(struct thread *child, const struct fork_request *request) {
    *child->frame = *thread_current()->frame;
    child->frame->thread = (uint64_t)child;
    child->frame->a0 = 0;
    if (request->stack)
        child->frame->sp = request->stack;
    if (request->has_tls)
        child->frame->tp = request->tls;
    fpu_fork(child);
}

static struct thread *child_thread(struct proc *proc, const struct fork_request *request) {
    struct thread *self = thread_current();
    struct thread *child = thread_create_user(self->name);
    if (!child)
        return NULL;
    if (!child_copy_objects(child)) {
        child_release_objects(child);
        thread_free(child);
        return NULL;
    }
    child_set_registers(child, request);
    child->tid = proc->pid;
    child->space->pid = proc->pid;
    child->proc = proc;
    child->signals_blocked = self->signals_blocked;
    child->cpu_timed = self->cpu_timed;     // the limit is inherited
    child->signal_stack = self->signal_stack;
    child->signal_stack_size = self->signal_stack_size;
    child->clear_child_tid = request->clear_tid;
    return child;
}

// The child becomes known; false if a signal has come: one that was sent to the group before the
// child is in it must not miss it.
static bool child_publish(struct proc *proc, struct thread *child) {
    struct proc *self = proc_current();
    memcpy(proc->limits, self->limits, sizeof proc->limits);
    spin_lock(&proc_tree_lock);
    bool go_on = !thread_signal_check(WAIT_INTERRUPTIBLE);
    if (go_on) {
        proc_hold(proc);        // the thread's
        proc->thread_count = 1;
        list_push_back(&proc->threads, &child->proc_node);
        proc->leader = child;
        proc_publish(proc, self);
    }
    spin_unlock(&proc_tree_lock);
    return go_on;
}

static void proc_discard(struct proc *proc) {
    spin_lock(&proc_tree_lock);
    proc_unpublish(proc);
    spin_unlock(&proc_tree_lock);
    proc_put(proc);
}

int64_t proc_fork(const struct fork_request *request) {
    struct proc *self = proc_current();
    struct proc *proc = proc_create(self->name);
    if (!proc)
        return -ENOMEM;
    proc->user = thread_current()->cred->uid;
    int error = user_charge(proc->user, self->limits[RLIMIT_NPROC].rlim_cur);
    proc->charged = !error;
    if (error) {
        proc_discard(proc);
        return error;
    }
    struct thread *child = child_thread(proc, request);
    if (!child) {
        proc_discard(proc);
        return -ENOMEM;
    }
    if (request->set_tid) {
        // Linux writes it in the child; the pages are shared copy-on-write, so the parent's
        // copy of the address space must not see it.
        int ignored = space_copy_out(child->space, request->set_tid, &child->tid, sizeof child->tid);
        (void)ignored;          // as Linux: a bad address is the child's own surprise
    }
    uint32_t pid = proc->pid;
    if (!child_publish(proc, child)) {
        cred_put(child->cred);
        child_release_objects(child);
        thread_free(child);
        proc_discard(proc);
        return -ERESTART_ALWAYS;
    }
    thread_start(child);
    return pid;
}
