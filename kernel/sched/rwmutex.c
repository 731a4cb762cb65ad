#include <riscv/csr.h>
#include <sched/clock.h>
#include <sched/rwmutex.h>
#include <sched/sched.h>
#include <sched/thread.h>

// The state says who has the lock, whether anybody is in line, and whether the first in line insists on
// the next turn: so who comes to a lock that he may take, or leaves one that nobody waits for, needs one
// atomic instruction.
//
// Why no wake-up is lost: one in line sets WAITING before he tries, under rw->lock, and holds that until
// he is asleep. So while somebody is in line, either he is awake and will try, or the lock was taken
// when he tried; and whoever had it then sees WAITING when he lets go, and wakes who is first.
#define WRITER  1u
#define WAITING 2u
#define INSIST  4u
#define READER  8u              // one of them

#define KEEPS_READER_OUT WRITER
#define KEEPS_WRITER_OUT (WRITER | -READER)

// One in line; on its stack. rw->lock guards it.
struct rw_waiter {
    struct list node;
    struct thread *thread;
    bool writer, insists;
};

void rwmutex_init(struct rwmutex *rw, const char *name) {
    *rw = (struct rwmutex){ .lock = SPINLOCK_INIT(name), .name = name };
    list_init(&rw->line);
}

// Adds `what` while none of `unless` is set: true if it did.
static inline bool state_add(struct rwmutex *rw, uint32_t what, uint32_t unless) {
    uint32_t state = __atomic_load_n(&rw->state, __ATOMIC_RELAXED);
    while (!(state & unless))
        if (__atomic_compare_exchange_n(&rw->state, &state, state + what, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return true;
    return false;
}

static struct rw_waiter *first_in_line(struct rwmutex *rw) {
    return list_empty(&rw->line) ? NULL : list_first(&rw->line, struct rw_waiter, node);
}

// Makes the bits say how it stands in the line.
static void show_line(struct rwmutex *rw) {
    struct rw_waiter *first = first_in_line(rw);
    uint32_t bits = !first ? 0 : first->insists ? WAITING | INSIST : WAITING;
    __atomic_fetch_or(&rw->state, bits, __ATOMIC_SEQ_CST);
    __atomic_fetch_and(&rw->state, bits | ~(WAITING | INSIST), __ATOMIC_SEQ_CST);
}

// Wakes one writer, or the readers before the next writer. Who is awake already is not harmed.
static void wake_first(struct rwmutex *rw) {
    struct rw_waiter *waiter;
    list_for_each(waiter, &rw->line, node) {
        if (waiter->writer && waiter != first_in_line(rw))
            break;
        thread_wake(waiter->thread);
        if (waiter->writer)
            break;
    }
}

// Sleeps until it is woken, or its patience ends; rw->lock is held before and after. Readers that follow
// each other without a gap wake nobody, so a timer must.
static void sleep_in_line(struct rwmutex *rw, struct rw_waiter *self, uint64_t patience_ends) {
    // The waker knows the thread, and needs no queue to find it.
    struct wait_queue nobody_wakes = WAIT_QUEUE_INIT(nobody_wakes, rw->name);
    uint64_t deadline = self->insists ? DEADLINE_NONE : patience_ends;
    if (wait_once(&nobody_wakes, &rw->lock, WAIT_UNINTERRUPTIBLE, deadline))
        self->insists = true;
    show_line(rw);
}

static __attribute__((noinline)) void wait_in_line(struct rwmutex *rw, bool writer) {
    uint32_t what = writer ? WRITER : READER;
    uint32_t unless = writer ? KEEPS_WRITER_OUT : KEEPS_READER_OUT;
    uint64_t patience_ends = time_read() + ns_to_ticks(RWMUTEX_PATIENCE_NS);
    struct rw_waiter self = { .thread = thread_current(), .writer = writer };
    spin_lock(&rw->lock);
    list_push_back(&rw->line, &self.node);
    show_line(rw);
    // Who has just come tries like others that come; who was woken, though somebody insists: he
    // himself, or one who was woken with him.
    bool taken = state_add(rw, what, unless | INSIST);
    while (!taken) {
        sleep_in_line(rw, &self, patience_ends);
        taken = state_add(rw, what, unless);
    }
    list_remove(&self.node);
    show_line(rw);
    // Readers that came after the others were woken.
    if (!writer && first_in_line(rw) && !first_in_line(rw)->writer)
        wake_first(rw);
    spin_unlock(&rw->lock);
}

static void wake_waiters(struct rwmutex *rw) {
    spin_lock(&rw->lock);
    wake_first(rw);
    spin_unlock(&rw->lock);
}

void rwmutex_read_lock(struct rwmutex *rw) {
    if (!state_add(rw, READER, KEEPS_READER_OUT | INSIST))
        wait_in_line(rw, false);
}

void rwmutex_write_lock(struct rwmutex *rw) {
    if (!state_add(rw, WRITER, KEEPS_WRITER_OUT | INSIST))
        wait_in_line(rw, true);
}

void rwmutex_read_unlock(struct rwmutex *rw) {
    uint32_t before = __atomic_fetch_sub(&rw->state, READER, __ATOMIC_RELEASE);
    assert(before >= READER);
    if ((before & WAITING) && before < 2 * READER)
        wake_waiters(rw);
}

void rwmutex_write_unlock(struct rwmutex *rw) {
    uint32_t before = __atomic_fetch_and(&rw->state, ~WRITER, __ATOMIC_RELEASE);
    assert(before & WRITER);
    if (before & WAITING)
        wake_waiters(rw);
}
