// clone: a new thread, and with it perhaps a new process. What it shares with its parent is a
// reference more to a counted object, what it does not share is a copy of that.
#include <abi/errno.h>
#include <abi/sched.h>
#include <fs/cred.h>
#include <fs/file.h>
#include <fs/path.h>
#include <lib/string.h>
#include <mm/copy.h>
#include <mm/space.h>
#include <proc/clone.h>
#include <proc/fpu.h>
#include <proc/internal.h>
#include <proc/thread_group.h>

#define CLONE_NEW_SPACES                                                                     \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
     CLONE_NEWNET | CLONE_INTO_CGROUP)

// The combinations that clone(2) refuses, and what there is not: name spaces and pidfds.
static bool flags_valid(uint64_t flags) {
    if (flags & (CLONE_NEW_SPACES | CLONE_PIDFD))
        return false;
    if ((flags & CLONE_THREAD && !(flags & CLONE_SIGHAND)) ||
        (flags & CLONE_SIGHAND && !(flags & CLONE_VM)) ||
        (flags & CLONE_SIGHAND && flags & CLONE_CLEAR_SIGHAND))
        return false;
    return !(flags & CLONE_PARENT && proc_current() == proc_init);
}

static struct signal_handlers *handlers_for(uint64_t flags) {
    struct signal_handlers *mine = thread_current()->handlers;
    if (flags & CLONE_SIGHAND)
        return signal_handlers_hold(mine);
    struct signal_handlers *copy = signal_handlers_copy(mine);
    if (copy && flags & CLONE_CLEAR_SIGHAND)
        signal_handlers_reset(copy);
    return copy;
}

// False: no memory, and child_release_objects takes back what there is.
static bool child_get_objects(struct thread *child, uint64_t flags) {
    struct thread *self = thread_current();
    return (child->handlers = handlers_for(flags)) &&
           (child->files = flags & CLONE_FILES ? file_table_hold(self->files)
                                               : file_table_copy(self->files)) &&
           (child->fs = flags & CLONE_FS ? fs_context_hold(self->fs) : fs_context_copy(self->fs)) &&
           (child->space = flags & CLONE_VM ? space_hold(self->space) : space_fork(self->space)) &&
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
    cred_put(child->cred);
}

// The child returns from the same call with 0 (psABI: a0).
static void child_set_registers(struct thread *child, const struct clone_request *request) {
    *child->frame = *thread_current()->frame;
    child->frame->thread = (uint64_t)child;
    child->frame->a0 = 0;
    if (request->stack)
        child->frame->sp = request->stack;
    if (request->flags & CLONE_SETTLS)
        child->frame->tp = request->tls;
    fpu_fork(child);
}

static void child_inherit(struct thread *child, const struct clone_request *request) {
    const struct thread *self = thread_current();
    uint64_t flags = request->flags;
    child_set_registers(child, request);
    child->nice = self->nice;
    child->scheduling = self->scheduling;
    child->real_time = self->real_time;
    child->affinity = self->affinity;
    child->signals_blocked = self->signals_blocked;
    child->cpu_timed = self->cpu_timed;     // the limit is inherited
    // Two threads must not enter handlers on one stack; the parent of a vfork does not run.
    if ((flags & (CLONE_VM | CLONE_VFORK)) != CLONE_VM) {
        child->signal_stack = self->signal_stack;
        child->signal_stack_size = self->signal_stack_size;
        child->signal_stack_disarms = self->signal_stack_disarms;
    }
    child->clear_child_tid = flags & CLONE_CHILD_CLEARTID ? request->child_tid : 0;
}

static void child_discard(struct thread *child) {
    child_release_objects(child);
    thread_free(child);
}

// A thread of `proc` that nobody knows yet; a new process's has the pid for its tid.
static struct thread *child_create(struct proc *proc, const struct clone_request *request) {
    struct thread *child = thread_create_user(thread_current()->name);
    if (!child)
        return NULL;
    if (!child_get_objects(child, request->flags)) {
        child_discard(child);
        return NULL;
    }
    child_inherit(child, request);
    child->tid = proc->pid;
    child->proc = proc;
    return child;
}

// Linux writes the child's word in the child; a bad address is the program's own surprise.
static void tell_tid(const struct thread *child, const struct clone_request *request) {
    if (request->flags & CLONE_CHILD_SETTID)
        (void)!space_copy_out(child->space, request->child_tid, &child->tid, sizeof child->tid);
    if (request->flags & CLONE_PARENT_SETTID)
        (void)!copy_out(request->parent_tid, &child->tid, sizeof child->tid);
}

static void child_join(struct proc *proc, struct thread *child) {
    proc_hold(proc);            // the thread's
    proc->thread_count++;
    list_push_back(&proc->threads, &child->proc_node);
}

// Makes the child known and lets it run. False if a signal has come, as that was sent perhaps to all
// there were: a child that is not among them must not miss it. The child is `vfork`'s if not NULL.
static bool child_start(struct proc *proc, struct thread *child, const struct clone_request *request,
                        struct vfork *vfork) {
    struct proc *self = proc_current();
    bool process = proc != self;
    struct spinlock *lock = process ? &proc_tree_lock : &proc->lock;
    spin_lock(lock);
    bool go_on = !thread_signal_check(WAIT_INTERRUPTIBLE);
    if (go_on) {
        child_join(proc, child);
        child->vfork = vfork;
        if (process)
            proc_publish(proc, request->flags & CLONE_PARENT ? self->parent : self);
    }
    spin_unlock(lock);
    if (go_on)
        thread_start(child);
    return go_on;
}

// ... and waits for it, if it is to.
static int64_t child_run(struct proc *proc, struct thread *child,
                         const struct clone_request *request) {
    struct vfork vfork = { WAIT_QUEUE_INIT(vfork.queue, "vfork"), false };
    bool waits = request->flags & CLONE_VFORK;
    uint32_t tid = child->tid;
    tell_tid(child, request);
    if (!child_start(proc, child, request, waits ? &vfork : NULL))
        return -ERESTART_ALWAYS;
    if (waits)
        vfork_wait(&vfork, child);
    return tid;
}

static int64_t clone_thread(const struct clone_request *request) {
    struct thread *child = child_create(proc_current(), request);
    if (!child)
        return -ENOMEM;
    int64_t result = thread_claim_tid(child);
    if (result) {
        child_discard(child);
        return result;
    }
    result = child_run(child->proc, child, request);
    if (result < 0) {
        thread_free_tid(child);
        child_discard(child);
    }
    return result;
}

static void proc_discard(struct proc *proc) {
    proc_set_program(proc, NULL);
    spin_lock(&proc_tree_lock);
    proc_unpublish(proc);
    spin_unlock(&proc_tree_lock);
    proc_put(proc);
}

static int64_t clone_process(struct proc *proc, const struct clone_request *request) {
    struct proc *self = proc_current();
    proc->user = thread_current()->cred->uid;
    memcpy(proc->limits, self->limits, sizeof proc->limits);
    memcpy(proc->missed_calls, self->missed_calls, sizeof proc->missed_calls);
    proc->program = self->program ? file_hold(self->program) : NULL;
    proc->exit_signal = request->flags & CLONE_PARENT ? self->exit_signal
                                                      : (int)request->exit_signal;
    int error = user_charge(proc, self->limits[RLIMIT_NPROC].rlim_cur);
    if (error)
        return error;
    struct thread *child = child_create(proc, request);
    if (!child)
        return -ENOMEM;
    if (!(request->flags & CLONE_VM))
        child->space->pid = proc->pid;
    int64_t result = child_run(proc, child, request);
    if (result < 0)
        child_discard(child);
    return result;
}

int64_t proc_clone(const struct clone_request *request) {
    if (!flags_valid(request->flags))
        return -EINVAL;
    if (request->flags & CLONE_THREAD)
        return clone_thread(request);
    struct proc *proc = proc_create(proc_current()->name);
    if (!proc)
        return -ENOMEM;
    int64_t result = clone_process(proc, request);
    if (result < 0)
        proc_discard(proc);
    return result;
}
