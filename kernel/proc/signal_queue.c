// The queues of pending signals. A bit says that a signal is pending; the queue holds what is known
// of it. A standard signal is there once, real-time signals as often as they were sent, in order.
#include <abi/errno.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <proc/proc.h>
#include <proc/signal.h>

struct queued_signal {
    struct list node;
    siginfo_t info;
};

static bool is_realtime(int signal) { return signal >= SIGRTMIN; }

static struct queued_signal *entry_create(struct proc *proc) {
    if (proc->signals_queued >= proc->limits[RLIMIT_SIGPENDING].rlim_cur)
        return NULL;
    struct queued_signal *entry = kmalloc_nowait(sizeof *entry);
    proc->signals_queued += !!entry;
    return entry;
}

static void entry_free(struct proc *proc, struct queued_signal *entry) {
    list_remove(&entry->node);
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

// Takes one entry of `signal` out; the bit goes with the last.
static void take_entry(struct proc *proc, struct pending_signals *pending, int signal,
                       siginfo_t *info) {
    struct queued_signal *entry, *first = NULL;
    bool more = false;
    list_for_each(entry, &pending->queue, node) {
        if (entry->info.si_signo != signal)
            continue;
        more = first;
        if (more)
            break;
        first = entry;
    }
    if (!more)
        bits_clear(pending, SIGNAL_BIT(signal));
    if (first) {
        *info = first->info;
        entry_free(proc, first);
    } else {
        *info = (siginfo_t){ .si_signo = signal, .si_code = SI_USER };
    }
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
        take_entry(proc, pending, __builtin_ctzl(set) + 1, info);
    return set;
}

void signal_queue_flush(struct proc *proc, struct pending_signals *pending, uint64_t signals) {
    if (!(pending->set & signals))
        return;
    struct queued_signal *entry, *next;
    list_for_each_safe(entry, next, &pending->queue, node)
        if (SIGNAL_BIT(entry->info.si_signo) & signals)
            entry_free(proc, entry);
    bits_clear(pending, signals);
}

void signal_flush_all(struct proc *proc, uint64_t signals) {
    assert(spin_holding(&proc->lock));
    struct thread *thread;
    signal_queue_flush(proc, &proc->pending, signals);
    list_for_each(thread, &proc->threads, proc_node)
        signal_queue_flush(proc, &thread->pending, signals);
}
