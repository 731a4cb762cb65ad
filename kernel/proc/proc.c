// The index of processes, and their tree.
#include <abi/errno.h>
#include <fs/file.h>
#include <lib/string.h>
#include <mm/heap.h>
#include <mm/radix.h>
#include <proc/internal.h>
#include <riscv/csr.h>

#define PID_LIMIT (1u << 22)            // as Linux on 64 bits

struct spinlock proc_tree_lock = SPINLOCK_INIT("process tree");
struct proc *proc_init;

// A pid leads to its process; the tid of another thread than the first leads to that thread, marked
// by bit 0. proc_tree_lock guards it.
static struct radix_tree index;
#define THREAD_MARK 1ul
static uint32_t last_id;
static uint64_t total, ever;            // threads that there are; that were ever made

static struct thread *marked_thread(void *entry) {
    uintptr_t value = (uintptr_t)entry;
    return value & THREAD_MARK ? (struct thread *)(value - THREAD_MARK) : NULL;
}

static const struct rlimit default_limits[RLIM_NLIMITS] = {
    [RLIMIT_CPU] = { RLIM_INFINITY, RLIM_INFINITY },
    [RLIMIT_FSIZE] = { RLIM_INFINITY, RLIM_INFINITY },
    [RLIMIT_DATA] = { RLIM_INFINITY, RLIM_INFINITY },
    [RLIMIT_STACK] = { 8ul << 20, 32ul << 20 },
    [RLIMIT_CORE] = { 0, RLIM_INFINITY },
    [RLIMIT_RSS] = { RLIM_INFINITY, RLIM_INFINITY },
    [RLIMIT_NPROC] = { RLIM_INFINITY, RLIM_INFINITY },
    [RLIMIT_NOFILE] = { 1024, 1ul << 20 },
    [RLIMIT_MEMLOCK] = { 8ul << 20, 8ul << 20 },
    [RLIMIT_AS] = { RLIM_INFINITY, RLIM_INFINITY },
    [RLIMIT_LOCKS] = { RLIM_INFINITY, RLIM_INFINITY },
    [RLIMIT_SIGPENDING] = { 1024, 1024 },
    [RLIMIT_MSGQUEUE] = { 0, 0 },
    [RLIMIT_NICE] = { 0, 0 },
    [RLIMIT_RTPRIO] = { 0, 0 },
    [RLIMIT_RTTIME] = { RLIM_INFINITY, RLIM_INFINITY },
};

// Claims the next unused number for `entry`: 0 or -ENOMEM/-EAGAIN. May sleep.
static int id_claim(void *entry, uint32_t *id) {
    struct radix_stock stock = { 0 };
    int error = 0;
    spin_lock(&proc_tree_lock);
    for (;;) {
        uint32_t tries = 0;
        do
            last_id = last_id + 1 < PID_LIMIT ? last_id + 1 : 2;
        while (radix_find(&index, last_id) && ++tries < PID_LIMIT);
        if (tries == PID_LIMIT)
            error = -EAGAIN;
        if (error || radix_insert(&index, last_id, entry, &stock))
            break;
        last_id--;
        spin_unlock(&proc_tree_lock);
        error = radix_stock_add(&stock);
        spin_lock(&proc_tree_lock);
        if (error)
            break;
    }
    *id = last_id;
    total += !error;
    ever += !error;
    spin_unlock(&proc_tree_lock);
    radix_stock_free(&stock);
    return error;
}

struct proc *proc_create(const char *name) {
    struct proc *proc = kzalloc(sizeof *proc);
    if (!proc)
        return NULL;
    proc->refs = 1;
    spin_init(&proc->lock, "process");
    list_init(&proc->threads);
    list_init(&proc->children);
    list_init(&proc->sibling);
    list_init(&proc->group_node);
    list_init(&proc->pending.queue);
    list_init(&proc->timers);
    mutex_init(&proc->timers_mutex, "timers");
    wait_queue_init(&proc->child_exit, "child");
    wait_queue_init(&proc->threads_gone, "other threads");
    wait_queue_init(&proc->resume, "continuation");
    memcpy(proc->limits, default_limits, sizeof proc->limits);
    strlcpy(proc->name, name, sizeof proc->name);
    proc->born = time_read();
    proc->exit_signal = SIGCHLD;
    if (id_claim(proc, &proc->pid)) {
        kfree(proc);
        return NULL;
    }
    return proc;
}

void proc_hold(struct proc *proc) { __atomic_fetch_add(&proc->refs, 1, __ATOMIC_RELAXED); }

void proc_put(struct proc *proc) {
    if (!__atomic_sub_fetch(&proc->refs, 1, __ATOMIC_ACQ_REL))
        kfree(proc);
}

void proc_publish(struct proc *proc, struct proc *parent) {
    assert(spin_holding(&proc_tree_lock));
    proc->parent = parent;
    if (parent) {
        list_push_back(&parent->children, &proc->sibling);
        group_join(proc, proc_current()->group);
    }
}

void proc_unpublish(struct proc *proc) {
    assert(spin_holding(&proc_tree_lock));
    list_remove(&proc->sibling);
    if (proc->group)
        group_leave(proc);
    user_discharge(proc, proc->charges);
    radix_remove(&index, proc->pid);
    total--;
}

int thread_claim_tid(struct thread *thread) {
    int error = user_charge(thread->proc, proc_limit(RLIMIT_NPROC));
    if (error)
        return error;
    error = id_claim((void *)((uintptr_t)thread | THREAD_MARK), &thread->tid);
    if (error) {
        spin_lock(&proc_tree_lock);
        user_discharge(thread->proc, 1);
        spin_unlock(&proc_tree_lock);
    }
    return error;
}

void thread_free_tid(struct thread *thread) {
    spin_lock(&proc_tree_lock);
    radix_remove(&index, thread->tid);
    user_discharge(thread->proc, 1);
    total--;
    spin_unlock(&proc_tree_lock);
}

struct thread *thread_find_locked(uint32_t tid) {
    assert(spin_holding(&proc_tree_lock));
    void *entry = radix_find(&index, tid);
    struct thread *thread = marked_thread(entry);
    // One that is being made has no process yet; one that leaves is not on the list any more.
    struct proc *proc = thread ? __atomic_load_n(&thread->proc, __ATOMIC_ACQUIRE) : entry;
    if (!proc)
        return NULL;
    spin_lock(&proc->lock);
    if (!thread)
        thread = proc_main_thread(proc);
    if (thread && thread->tid == tid && !list_empty(&thread->proc_node))
        return thread;
    spin_unlock(&proc->lock);
    return NULL;
}

// A process that is being made has a pid but no group yet: nobody can name it.
struct proc *proc_find(uint32_t pid) {
    assert(spin_holding(&proc_tree_lock));
    struct proc *proc = radix_find(&index, pid);
    return proc && !marked_thread(proc) && proc->group ? proc : NULL;
}

struct proc *proc_next(uint32_t *pid) {
    assert(spin_holding(&proc_tree_lock));
    uint64_t at = *pid;
    struct proc *proc;
    do {
        proc = radix_next(&index, &at);
        *pid = at + 1;
        at++;
    } while (proc && (marked_thread(proc) || !proc->group));
    return proc;
}

uint64_t proc_total(void) { return __atomic_load_n(&total, __ATOMIC_RELAXED); }
uint64_t proc_ever(void) { return __atomic_load_n(&ever, __ATOMIC_RELAXED); }
uint32_t proc_newest(void) { return __atomic_load_n(&last_id, __ATOMIC_RELAXED); }

uint64_t proc_limit(unsigned resource) { return proc_current()->limits[resource].rlim_cur; }

struct thread *proc_thread(struct proc *proc, uint32_t tid) {
    struct thread *thread;
    list_for_each(thread, &proc->threads, proc_node)
        if (thread->tid == tid)
            return thread;
    return NULL;
}

bool proc_has_thread(uint32_t tid) {
    struct proc *self = proc_current();
    spin_lock(&self->lock);
    bool has = proc_thread(self, tid);
    spin_unlock(&self->lock);
    return has;
}

void proc_set_program(struct proc *proc, struct file *file) {
    spin_lock(&proc->lock);
    struct file *old = proc->program;
    proc->program = file;
    spin_unlock(&proc->lock);
    if (old)
        file_put(old);
}

int proc_unshare_files(void) {
    struct thread *self = thread_current();
    struct file_table *shared = self->files;
    if (!file_table_is_shared(shared))
        return 0;
    struct file_table *own = file_table_copy(shared);
    if (!own)
        return -ENOMEM;
    spin_lock(&self->proc->lock);       // others look at them
    self->files = own;
    spin_unlock(&self->proc->lock);
    file_table_put(shared);
    return 0;
}

struct space *proc_swap_space(struct thread *self, struct space *space) {
    spin_lock(&self->proc->lock);
    struct space *old = self->space;
    if (old)
        usage_space_leaves(self->proc, old);
    self->space = space;
    spin_unlock(&self->proc->lock);
    return old;
}
