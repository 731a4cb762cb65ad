// Thread groups: how the end of one thread, or its execve, is the others' end.
#include <abi/errno.h>
#include <mm/copy.h>
#include <mm/space.h>
#include <proc/exit.h>
#include <proc/futex.h>
#include <proc/futex_pi.h>
#include <proc/internal.h>
#include <proc/robust.h>
#include <proc/stop.h>
#include <proc/thread_group.h>

// Every thread but the caller sees a fatal signal; what it does then is group_is_ending's to say.
static void end_others(struct proc *proc) {
    struct thread *thread;
    stop_signal_sent(proc, SIGKILL);
    list_for_each(thread, &proc->threads, proc_node) {
        if (thread == thread_current())
            continue;
        __atomic_fetch_or(&thread->pending.set, SIGNAL_BIT(SIGKILL), __ATOMIC_ACQ_REL);
        signal_notify(thread, true);
    }
}

bool group_is_ending(void) {
    const struct proc *proc = proc_current();
    const struct thread *execing = __atomic_load_n(&proc->execing, __ATOMIC_ACQUIRE);
    return __atomic_load_n(&proc->exiting, __ATOMIC_ACQUIRE) ||
           (execing && execing != thread_current());
}

void proc_end(struct proc *proc, int status) {
    spin_lock(&proc->lock);
    if (!proc->exiting) {
        proc->exiting = true;
        proc->exit_status = status;
        end_others(proc);
    }
    spin_unlock(&proc->lock);
}

void proc_exit(int status) {
    proc_end(proc_current(), status);
    thread_end(status);
}

// Who asks second ends: an end that was decided before, and another thread's execve, go first.
static int end_others_and_wait(struct proc *proc) {
    if (proc->exiting || proc->execing)
        return -EINTR;
    __atomic_store_n(&proc->execing, thread_current(), __ATOMIC_RELEASE);
    end_others(proc);
    int error = wait_event_killable(&proc->threads_gone, proc->thread_count == 1, &proc->lock);
    proc->execing = NULL;
    return error;
}

int group_become_single(void) {
    struct thread *self = thread_current();
    struct proc *proc = self->proc;
    int error = 0;
    spin_lock(&proc->lock);
    if (proc->thread_count > 1)
        error = end_others_and_wait(proc);
    spin_unlock(&proc->lock);
    if (!error && self->tid != proc->pid) {
        thread_free_tid(self);
        self->tid = proc->pid;
    }
    return error;
}

// --- what is owed to those who share the memory

static struct spinlock vfork_lock = SPINLOCK_INIT("vfork");

void vfork_wait(struct vfork *vfork, struct thread *child) {
    spin_lock(&vfork_lock);
    // One that has not said that it is done cannot have gone.
    if (wait_event_killable(&vfork->queue, vfork->done, &vfork_lock))
        child->vfork = NULL;
    spin_unlock(&vfork_lock);
}

static void vfork_end(struct thread *self) {
    spin_lock(&vfork_lock);
    if (self->vfork) {
        self->vfork->done = true;
        wake_all(&self->vfork->queue);
        self->vfork = NULL;
    }
    spin_unlock(&vfork_lock);
}

// pthread_join waits for this word (set_tid_address(2)).
static void clear_tid(struct thread *self) {
    const uint32_t zero = 0;
    if (space_is_shared(self->space) && !copy_out(self->clear_child_tid, &zero, sizeof zero))
        (void)!futex_wake(self->clear_child_tid, true, 1, FUTEX_BITSET_MATCH_ANY);
    self->clear_child_tid = 0;
}

void thread_leave_locks(struct thread *self) {
    robust_list_leave(self);
    futex_pi_leave(self);
}

void thread_leave_space(struct thread *self) {
    if (self->clear_child_tid)
        clear_tid(self);
    if (__atomic_load_n(&self->vfork, __ATOMIC_ACQUIRE))
        vfork_end(self);
}
