#include <abi/errno.h>
#include <lib/string.h>
#include <riscv/csr.h>
#include <sched/sched.h>

extern const char thread_begin_user[], thread_begin_kernel[];

bool (*thread_signal_check)(enum wait_mode mode);

static void sleep_over(struct timer *timer) {
    thread_wake(container_of(timer, struct thread, sleep_timer));
}

// A NEW thread whose first switch "returns" to `begin` at `stack`.
static struct thread *thread_make(const char *name, const char *begin, uint64_t stack_used) {
    struct thread *thread = sched_memory.thread_alloc();
    if (!thread)
        return NULL;
    thread->magic = THREAD_MAGIC;
    thread->state = THREAD_NEW;
    thread->born = time_read();
    thread->affinity = AFFINITY_ALL;
    thread->response = UINT64_MAX;
    // It comes out of context_switch as every thread does: with the run queue's lock.
    thread->current.spin_depth = 1;
    thread->fpu_hart = FPU_NOWHERE;
    thread->context.ra = (uint64_t)begin;
    thread->context.sp = thread->stack - stack_used;
    timer_init(&thread->sleep_timer, sleep_over);
    list_init(&thread->run_node);
    list_init(&thread->proc_node);
    list_init(&thread->pi_owned);
    list_init(&thread->loans);
    list_init(&thread->pending.queue);
    strlcpy(thread->name, name, sizeof thread->name);
    return thread;
}

struct thread *thread_create(const char *name, void (*entry)(void *), void *argument) {
    struct thread *thread = thread_make(name, thread_begin_kernel, 0);
    if (thread)
        thread_begin_at(thread, entry, argument);
    return thread;
}

void thread_begin_at(struct thread *thread, void (*entry)(void *), void *argument) {
    thread->context.ra = (uint64_t)thread_begin_kernel;
    thread->entry = entry;
    thread->argument = argument;
}

void thread_main(void) {
    struct thread *self = thread_current();
    self->entry(self->argument);
    thread_exit();
}

struct thread *thread_create_user(const char *name) {
    struct thread *thread = thread_make(name, thread_begin_user, sizeof(struct trap_frame));
    if (!thread)
        return NULL;
    thread->frame = (struct trap_frame *)(thread->stack - sizeof(struct trap_frame));
    memset(thread->frame, 0, sizeof *thread->frame);
    thread->frame->thread = (uint64_t)thread;
    return thread;
}

void thread_free(struct thread *thread) { sched_memory.thread_free(thread); }

void thread_exit(void) {
    struct thread *self = thread_current();
    timer_cancel(&self->sleep_timer);
    irq_disable();
    self->state = THREAD_ZOMBIE;
    self->departing = true;
    schedule();
    panic("a dead thread was run");
}

bool thread_interrupt(struct thread *thread, enum wait_mode strength) {
    // Read before the state: a wake-up that comes for an older sleep is a spurious one, which
    // every sleeper survives.
    enum wait_mode mode = __atomic_load_n(&thread->wait_mode, __ATOMIC_ACQUIRE);
    if (mode <= WAIT_UNINTERRUPTIBLE || (strength == WAIT_INTERRUPTIBLE && mode == WAIT_KILLABLE))
        return false;
    return thread_wake(thread);
}

int thread_sleep_until(uint64_t deadline) {
    struct wait_queue nobody_wakes = WAIT_QUEUE_INIT(nobody_wakes, "sleep");
    int error = wait_event_deadline(&nobody_wakes, false, NULL, WAIT_INTERRUPTIBLE, deadline);
    return error == -ETIMEDOUT ? 0 : error;
}
