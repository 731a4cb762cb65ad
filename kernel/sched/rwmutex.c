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
#define WAITING LOAN_WAITED
#define INSIST  2ul
#define READER  4ul             // one of them; a writer is his address

#define KEEPS_READER_OUT LOAN_OWNED
#define KEEPS_WRITER_OUT (-READER)

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
static inline bool state_add(struct rwmutex *rw, uintptr_t what, uintptr_t unless) {
    uintptr_t state = __atomic_load_n(&rw->loan.state, __ATOMIC_RELAXED);
    while (!(state & unless))
        if (__atomic_compare_exchange_n(&rw->loan.state, &state, state + what, false,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    return false;
}

// Who in line goes first; NULL: nobody is there. Where the less important may starve, one of them who has
// been woken may not run, and let nobody else have the lock: so there the most important.
static struct rw_waiter *first_in_line(struct rwmutex *rw) {
    bool strict = sched_policy()->strict;
    struct rw_waiter *waiter, *first = NULL;
    list_for_each(waiter, &rw->line, node)
        if (!first || (strict && thread_priority(waiter->thread) > thread_priority(first->thread)))
            first = waiter;
    return first;
}

static int highest_priority(struct rwmutex *rw) {
    struct rw_waiter *waiter;
    int highest = 0;
    list_for_each(waiter, &rw->line, node)
        if (thread_priority(waiter->thread) > highest)
            highest = thread_priority(waiter->thread);
    return highest;
}

// Makes the bits say how it stands in the line.
static void show_line(struct rwmutex *rw) {
    struct rw_waiter *first = first_in_line(rw);
    uintptr_t bits = !first ? 0 : first->insists ? WAITING | INSIST : WAITING;
    __atomic_fetch_or(&rw->loan.state, bits, __ATOMIC_SEQ_CST);
    __atomic_fetch_and(&rw->loan.state, bits | ~(WAITING | INSIST), __ATOMIC_SEQ_CST);
}

// Wakes who is first: one writer, or the readers before the next writer. Who is awake is not harmed.
static void wake_first(struct rwmutex *rw) {
    struct rw_waiter *waiter, *first = first_in_line(rw);
    if (!first)
        return;
    thread_wake(first->thread);
    list_for_each(waiter, &rw->line, node) {
        if (first->writer || waiter->writer)
            break;
        thread_wake(waiter->thread);
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
    uintptr_t what = writer ? (uintptr_t)thread_current() : READER;
    uintptr_t unless = writer ? KEEPS_WRITER_OUT : KEEPS_READER_OUT;
    uint64_t patience_ends = time_read() + ns_to_ticks(RWMUTEX_PATIENCE_NS);
    struct rw_waiter self = { .thread = thread_current(), .writer = writer };
    spin_lock(&rw->lock);
    list_push_back(&rw->line, &self.node);
    show_line(rw);
    // Who has just come tries like others that come; who was woken, though somebody insists: he
    // himself, one who was woken with him, or one who has just lost his patience.
    bool taken = state_add(rw, what, unless | INSIST);
    while (!taken) {
        loan_wait(&rw->loan);
        sleep_in_line(rw, &self, patience_ends);
        taken = state_add(rw, what, unless);
    }
    list_remove(&self.node);
    show_line(rw);
    struct rw_waiter *first = first_in_line(rw);
    loan_waited(&rw->loan, highest_priority(rw));
    // Readers that came after the others were woken.
    if (!writer && first && !first->writer)
        wake_first(rw);
    spin_unlock(&rw->lock);
}

static __attribute__((noinline)) void wake_waiters(struct rwmutex *rw, bool writer) {
    spin_lock(&rw->lock);
    if (writer)
        loan_take_back(&rw->loan, highest_priority(rw));
    wake_first(rw);
    spin_unlock(&rw->lock);
}

void rwmutex_read_lock(struct rwmutex *rw) {
    if (!state_add(rw, READER, KEEPS_READER_OUT | INSIST))
        wait_in_line(rw, false);
}

void rwmutex_write_lock(struct rwmutex *rw) {
    if (!state_add(rw, (uintptr_t)thread_current(), KEEPS_WRITER_OUT | INSIST))
        wait_in_line(rw, true);
}

void rwmutex_read_unlock(struct rwmutex *rw) {
    uintptr_t before = __atomic_fetch_sub(&rw->loan.state, READER, __ATOMIC_RELEASE);
    assert(before - READER < LOAN_OWNED - READER);
    if ((before & WAITING) && before < 2 * READER)
        wake_waiters(rw, false);
}

void rwmutex_write_unlock(struct rwmutex *rw) {
    uintptr_t before = __atomic_fetch_and(&rw->loan.state, WAITING | INSIST, __ATOMIC_RELEASE);
    assert((before & ~LOAN_BITS) == (uintptr_t)thread_current());
    if (before & WAITING)
        wake_waiters(rw, true);
}
