// /proc/PID/sched: what the scheduler knows of a thread.
#include <abi/errno.h>
#include <proc/internal.h>
#include <proc/show.h>
#include <sched/account.h>
#include <sched/clock.h>
#include <sched/sched.h>

#define ROOM 512                        // of the whole text

static const char *const names[] = { "other", "fifo", "rr", "batch", "", "idle" };

// What it has waited for a hart, the present wait included; the run queue's lock is held.
static uint64_t waited(const struct thread *thread) {
    bool waits = !list_empty(&thread->run_node);
    return thread->waited + (waits ? time_read() - thread->ready_since : 0);
}

static void show(struct text *text, const struct thread *thread) {
    struct thread_times times = thread_times(thread);
    uint64_t ran = times.user + times.system + times.pending;
    struct run_queue *queue = thread_lock_queue(thread);
    text_printf(text, "policy: %s\nnice: %d\npriority: %d\neffective: %d\naffinity: %x\n",
                names[thread->scheduling], thread->nice, thread->real_time,
                thread_priority(thread), thread->affinity & ((1u << hart_count) - 1));
    text_printf(text, "born_ns: %lu\nresponse_ns: %lu\nrun_ns: %lu\nwait_ns: %lu\n",
                clock_monotonic_at(thread->born),
                ticks_to_ns(thread->response == UINT64_MAX ? waited(thread) : thread->response),
                ticks_to_ns(ran), ticks_to_ns(waited(thread)));
    text_printf(text, "voluntary: %lu\ninvoluntary: %lu\nmigrations: %lu\n",
                thread->switches_voluntary, thread->switches_involuntary, thread->moves);
    spin_unlock(&queue->lock);
}

int show_process_sched(struct text *text, uint32_t pid, uint32_t tid) {
    if (!text_reserve(text, ROOM))
        return -ENOMEM;
    spin_lock(&proc_tree_lock);
    struct thread *thread = thread_find_locked(tid ? tid : pid);
    if (thread) {
        show(text, thread);
        spin_unlock(&thread->proc->lock);
    }
    spin_unlock(&proc_tree_lock);
    return thread ? 0 : -ESRCH;
}
