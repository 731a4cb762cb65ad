// Stopping and continuing (POSIX 2.4.3, 11.1.4). A thread that takes a stop signal asks all threads of
// its process to come to rest; when the last one has, the process is stopped. What ends that is sent,
// not taken: a stopped process takes nothing.
#include <abi/wait.h>
#include <proc/internal.h>
#include <proc/stop.h>
#include <proc/wait_child.h>

void stop_signal_sent(struct proc *proc, int signal) {
    assert(spin_holding(&proc->lock));
    if (SIGNAL_BIT(signal) & SIGNALS_THAT_STOP)
        signal_flush_all(proc, SIGNAL_BIT(SIGCONT));
    if (signal == SIGCONT)
        signal_flush_all(proc, SIGNALS_THAT_STOP);
    if (signal != SIGCONT && signal != SIGKILL)
        return;
    proc->stop_allowed = false;
    if (!proc->stop_signal)
        return;
    proc->continued = proc->stopped && signal == SIGCONT;
    proc->wait_status = proc->continued ? W_CONTINUED : 0;
    proc->stop_signal = 0;
    proc->stopped = false;
    wake_all(&proc->resume);
}

void stop_begin(int signal) {
    struct proc *self = proc_current();
    struct thread *thread;
    if (signal != SIGSTOP && proc_group_is_orphaned())
        return;
    spin_lock(&self->lock);
    if (self->stop_allowed && !self->stop_signal) {
        self->stop_signal = signal;
        list_for_each(thread, &self->threads, proc_node)
            signal_notify(thread, false);
    }
    spin_unlock(&self->lock);
}

static void tell_parent(struct proc *self, int status) {
    spin_unlock(&self->lock);
    spin_lock(&proc_tree_lock);
    wait_notify(self, status);
    spin_unlock(&proc_tree_lock);
    spin_lock(&self->lock);
}

void stop_check(struct proc *self) {
    if (!self->stop_signal || self->stopped || !self->thread_count ||
        self->threads_stopped < self->thread_count)
        return;
    int status = W_STOPCODE(self->stop_signal);
    self->stopped = true;
    self->wait_status = status;
    tell_parent(self, status);
}

// Another thread may have taken a stop signal since SIGKILL was sent to this one.
static bool is_to_rest(const struct proc *self) {
    return self->stop_signal && !(signal_deliverable(thread_current()) & SIGNAL_BIT(SIGKILL));
}

void stop_rest(void) {
    struct proc *self = proc_current();
    spin_lock(&self->lock);
    if (!is_to_rest(self)) {
        spin_unlock(&self->lock);
        return;
    }
    self->threads_stopped++;
    stop_check(self);
    (void)!wait_event_deadline(&self->resume, !is_to_rest(self), &self->lock, WAIT_AT_REST,
                               DEADLINE_NONE);
    self->threads_stopped--;
    bool tell = self->continued;
    self->continued = false;
    if (tell)
        tell_parent(self, W_CONTINUED);
    spin_unlock(&self->lock);
}
