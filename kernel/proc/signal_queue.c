// The queues of pending signals. A bit says that a signal is pending; the queue holds what is known
// of it. A standard signal is there once, real-time signals as often as they were sent, in order.
#include <abi/errno.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <proc/interval_timer.h>
#include <proc/proc.h>
#include <proc/signal.h>

static bool is_realtime(int signal) { return signal >= SIGRTMIN; }

static struct queued_signal *entry_create(struct proc *proc) {
    if (proc->signals_queued >= proc->limits[RLIMIT_SIGPENDING].rlim_cur)
        return NULL;
    struct queued_signal *entry = kmalloc_nowait(sizeof *entry);
    if (entry)
        entry->timer = NULL;
    proc->signals_queued += !!entry;
    return entry;
}

// *info is what it said; a timer's stays with it.
static void entry_take(struct proc *proc, struct queued_signal *entry, siginfo_t *info) {
    list_remove(&entry->node);
    *info = entry->info;
    if (entry->timer) {
        interval_timer_taken(entry->timer, info);
        return;
    }
    proc->signals_queued--;
    kfree(entry);
}

int signal_queue_add(struct proc *proc, struct pending_signals *pending, const siginfo_t *info) {
    int signal = info->si_signo;
    if (!is_realtime(signal) && pending->set & SIGNAL_BIT(signal))
        return 0;
    struct queued_signal *entry = entry_create(proc);
    if (entry) {
        entry->info = *info;
        list_push_back(&pending->queue, &entry->node);
    } else if (is_realtime(signal) && info->si_code < 0 && info->si_code != SI_TKILL) {
        return -EAGAIN;             // who counts on its value must hear that it is lost
    }
    __atomic_fetch_or(&pending->set, SIGNAL_BIT(signal), __ATOMIC_ACQ_REL);
    return 0;
}

static void bits_clear(struct pending_signals *pending, uint64_t signals) {
    __atomic_fetch_and(&pending->set, ~signals, __ATOMIC_ACQ_REL);
}

// The first entry of `signal` that is not `but`, or NULL.
static struct queued_signal *entry_find(const struct pending_signals *pending, int signal,
                                        const struct queued_signal *but) {
    struct queued_signal *entry;
    list_for_each(entry, &pending->queue, node)
        if (entry->info.si_signo == signal && entry != but)
            return entry;
    return NULL;
}

// Takes one entry of `signal` out; the bit goes with the last.
static void take_signal(struct proc *proc, struct pending_signals *pending, int signal,
                        siginfo_t *info) {
    struct queued_signal *entry = entry_find(pending, signal, NULL);
    if (!entry_find(pending, signal, entry))
        bits_clear(pending, SIGNAL_BIT(signal));
    *info = (siginfo_t){ .si_signo = signal, .si_code = SI_USER };
    if (entry)
        entry_take(proc, entry, info);
}

void signal_queue_put(struct pending_signals *pending, struct queued_signal *entry) {
    list_push_back(&pending->queue, &entry->node);
    __atomic_fetch_or(&pending->set, SIGNAL_BIT(entry->info.si_signo), __ATOMIC_ACQ_REL);
}

static bool withdraw_from(struct pending_signals *pending, struct queued_signal *entry) {
    struct queued_signal *other;
    list_for_each(other, &pending->queue, node) {
        if (other != entry)
            continue;
        if (!entry_find(pending, entry->info.si_signo, entry))
            bits_clear(pending, SIGNAL_BIT(entry->info.si_signo));
        list_remove(&entry->node);
        return true;
    }
    return false;
}

void signal_queue_withdraw(struct proc *proc, struct queued_signal *entry) {
    struct thread *thread;
    if (list_empty(&entry->node) || withdraw_from(&proc->pending, entry))
        return;
    list_for_each(thread, &proc->threads, proc_node)
        if (withdraw_from(&thread->pending, entry))
            return;
}

// SIGKILL first, then what the thread itself just did: its handler must find the registers of
// that moment. Else the lowest number (POSIX asks for that among real-time signals).
#define SIGNALS_OF_FAULTS                                                                  \
    (SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGILL) | SIGNAL_BIT(SIGTRAP) | \
     SIGNAL_BIT(SIGFPE) | SIGNAL_BIT(SIGSYS))

bool signal_queue_take(struct proc *proc, struct pending_signals *pending, uint64_t wanted,
                       siginfo_t *info) {
    assert(spin_holding(&proc->lock));
    uint64_t set = pending->set & wanted;
    if (set & SIGNAL_BIT(SIGKILL))
        set = SIGNAL_BIT(SIGKILL);
    else if (set & SIGNALS_OF_FAULTS)
        set &= SIGNALS_OF_FAULTS;
    if (set)
        take_signal(proc, pending, __builtin_ctzl(set) + 1, info);
    return set;
}

void signal_queue_flush(struct proc *proc, struct pending_signals *pending, uint64_t signals) {
    if (!(pending->set & signals))
        return;
    struct queued_signal *entry, *next;
    siginfo_t info;
    list_for_each_safe(entry, next, &pending->queue, node)
        if (SIGNAL_BIT(entry->info.si_signo) & signals)
            entry_take(proc, entry, &info);
    bits_clear(pending, signals);
}

void signal_flush_all(struct proc *proc, uint64_t signals) {
    assert(spin_holding(&proc->lock));
    struct thread *thread;
    signal_queue_flush(proc, &proc->pending, signals);
    list_for_each(thread, &proc->threads, proc_node)
        signal_queue_flush(proc, &thread->pending, signals);
}
