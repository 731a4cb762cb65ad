// What can be done with a machine that does not answer (debug/magic_key.h).
#include <debug/log.h>
#include <debug/magic_key.h>
#include <proc/internal.h>
#include <proc/magic_keys.h>
#include <sched/sched.h>

static void toggle_preemption(void) {
    bool on = !__atomic_load_n(&sched_preemption, __ATOMIC_RELAXED);
    __atomic_store_n(&sched_preemption, on, __ATOMIC_RELAXED);
    log_info("preemption is %s", on ? "on" : "off");
}

static void list_thread(const struct thread *thread) {
    static const char *const states[] = {
        [THREAD_NEW] = "new", [THREAD_READY] = "ready", [THREAD_RUNNING] = "running",
        [THREAD_WAITING] = "waiting", [THREAD_ZOMBIE] = "ended",
    };
    bool waits = thread->state == THREAD_WAITING;
    log_info("%5u %-16s hart %u nice %3d %s%s%s", thread->tid, thread->name, thread->hart,
               thread->nice, states[thread->state], waits ? " for " : "",
               waits ? thread->wait_name : "");
}

// The interrupted thread holds none of these locks: interrupts would be off.
static void list_threads(void) {
    struct proc *proc;
    struct thread *thread;
    uint32_t pid = 0;
    spin_lock(&proc_tree_lock);
    while ((proc = proc_next(&pid))) {
        spin_lock(&proc->lock);
        list_for_each(thread, &proc->threads, proc_node)
            list_thread(thread);
        spin_unlock(&proc->lock);
    }
    spin_unlock(&proc_tree_lock);
}

static struct magic_key keys[] = {
    { .key = 'p', .what = "preemption on or off", .act = toggle_preemption },
    { .key = 't', .what = "list the threads", .act = list_threads },
};

void magic_keys_init(void) {
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++)
        magic_key_register(&keys[i]);
}
