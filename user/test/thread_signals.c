/*
 * Signals in a process with several threads: who takes what.
 */
#include "common/bare_thread.h"
#include "common/check.h"
#include "common/handler.h"

#include <abi/sched.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int taken_by[8], calls_begun;

static void note(int sig, siginfo_t *info, void *context) {
    int at = __atomic_fetch_add(&calls_begun, 1, __ATOMIC_SEQ_CST);

    (void)sig;
    (void)info;
    (void)context;
    taken_by[at % 8] = gettid();
    __atomic_fetch_add(&calls, 1, __ATOMIC_SEQ_CST);
}

/* From now on calls are counted from 0. */
static void handle_noted(int sig, int flags) {
    calls_begun = 0;
    handle(sig, flags, note);
}

/* --- bodies */

static void unblock_when_told(struct bare_thread *self) {
    wait_to_go(self);
    block(SIG_UNBLOCK, SIGUSR1);
    self->count = 1;
    self->go = 0;
    wait_to_go(self);
}

static void await_signal(struct bare_thread *self) {
    sigset_t set;
    siginfo_t info;

    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 1);
    block(SIG_BLOCK, SIGRTMIN + 1);
    self->count = 1;
    if (syscall(SYS_rt_sigtimedwait, &set, &info, NULL, SIGSET_SIZE) == SIGRTMIN + 1)
        self->count = 2;
}

static void test_receiver(void) {
    struct bare_thread *thread;

    handle_noted(SIGUSR1, SA_RESTART);
    block(SIG_BLOCK, SIGUSR1);
    thread = bare_start(0, unblock_when_told);
    kill(getpid(), SIGUSR1);
    usleep(5000);
    CHECK("blocked by all: it waits", calls == 0);
    thread->go = 1;
    CHECK("who unblocks it takes it", becomes(&thread->count, 1) && calls_reach(1) &&
                                          taken_by[0] == thread->alive);
    kill(getpid(), SIGUSR1);
    CHECK("who does not block it takes it", calls_reach(2) && taken_by[1] == thread->alive);
    block(SIG_UNBLOCK, SIGUSR1);
    tgkill(getpid(), thread->alive, SIGUSR1);
    CHECK("tgkill: that thread", calls_reach(3) && taken_by[2] == thread->alive);
    tgkill(getpid(), getpid(), SIGUSR1);
    CHECK("or this one", calls == 4 && taken_by[3] == getpid());
    thread->go = 1;
    bare_join(thread);
    thread = bare_start(1, await_signal);
    block(SIG_BLOCK, SIGRTMIN + 1);
    becomes(&thread->count, 1);
    kill(getpid(), SIGRTMIN + 1);
    CHECK("who waits for it takes it", becomes(&thread->count, 2));
    bare_join(thread);
    block(SIG_UNBLOCK, SIGRTMIN + 1);
}

/* Leaves without taking what is pending for it: another must hear of it. */
static void leave_with_signal(struct bare_thread *self) {
    block(SIG_UNBLOCK, SIGUSR1);
    block(SIG_BLOCK, SIGUSR1);
    wait_to_go(self);
}

static void test_hand_over(void) {
    bool all = true;

    for (int i = 0; i < 50 && all; i++) {
        struct bare_thread *thread;

        handle_noted(SIGUSR1, SA_RESTART);
        block(SIG_BLOCK, SIGUSR1);
        thread = bare_start(0, leave_with_signal);
        kill(getpid(), SIGUSR1);
        thread->go = 1;
        if (i % 2)
            bare_join(thread);
        block(SIG_UNBLOCK, SIGUSR1);
        all = calls_reach(1);
        bare_join(thread);
    }
    CHECK("no signal goes with the thread that did not take it", all);
}

/* Each round it may be chosen for a moment. */
static void unblock_briefly(struct bare_thread *self) {
    for (;;) {
        while (!self->go)
            ;
        if (self->go == 2)
            break;
        block(SIG_UNBLOCK, SIGUSR1);
        block(SIG_BLOCK, SIGUSR1);
        self->go = 0;
    }
}

/* Looks at nothing by itself: a signal must be brought to it. */
static void sleep_through(struct bare_thread *self) {
    struct timespec long_time = { .tv_sec = 1000 };

    block(SIG_UNBLOCK, SIGUSR1);
    self->count = 1;
    while (!self->go)
        syscall(SYS_nanosleep, &long_time, NULL);
}

/* Who is chosen for a signal may block it before he takes it: then it is the other's. */
static void test_offer(void) {
    struct bare_thread *chosen, *other;
    bool all = true;

    handle_noted(SIGUSR1, 0);
    block(SIG_BLOCK, SIGUSR1);
    chosen = bare_start(0, unblock_briefly);
    other = bare_start(1, sleep_through);
    becomes(&other->count, 1);
    usleep(2000);
    for (int i = 1; i <= 300 && all; i++) {
        chosen->go = 1;
        for (volatile int spin = i * 7 % 100; spin > 0; spin--)
            ;
        kill(getpid(), SIGUSR1);
        while (chosen->go)
            sched_yield();
        all = calls_reach(i);
    }
    CHECK("a signal that is blocked after all goes to another thread", all);
    chosen->go = other->go = 2;
    bare_join(chosen);
    while (other->alive) {
        tgkill(getpid(), other->alive, SIGUSR1);
        usleep(500);
    }
    block(SIG_UNBLOCK, SIGUSR1);
}

/* --- faults, stacks and timers of one thread */

static char other_stack[SIGSTKSZ] __attribute__((aligned(16)));
static volatile unsigned long sp_seen;
static volatile int fault_tid;

static void skip_fault(int sig, siginfo_t *info, void *context) {
    ucontext_t *uc = context;
    int here;

    (void)sig;
    (void)info;
    sp_seen = (unsigned long)&here;
    fault_tid = gettid();
    uc->uc_mcontext.sc_regs[0] += 4;
}

static void fault_on_other_stack(struct bare_thread *self) {
    stack_t stack = { .ss_sp = other_stack, .ss_size = sizeof(other_stack) }, old;

    sigaltstack(NULL, &old);
    self->count = old.ss_flags == SS_DISABLE;
    sigaltstack(&stack, NULL);
    __asm__ volatile(".option push\n .option norvc\n sd zero, 64(zero)\n .option pop");
}

static void test_own(void) {
    sigevent_t event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN };
    struct itimerspec soon = { { 0, 0 }, { 0, 2000000 } };
    struct bare_thread *thread;
    timer_t timer;

    handle(SIGSEGV, SA_ONSTACK, skip_fault);
    thread = bare_start(0, fault_on_other_stack);
    bare_join(thread);
    CHECK("a thread's fault is its own", fault_tid != 0 && fault_tid != getpid());
    CHECK("on a stack of its own", thread->count == 1 && sp_seen > (unsigned long)other_stack &&
                                       sp_seen < (unsigned long)other_stack + sizeof(other_stack));
    signal(SIGSEGV, SIG_DFL);
    handle_noted(SIGRTMIN, SA_RESTART);
    thread = bare_start(0, spin);
    event.sigev_notify_thread_id = thread->alive;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &soon, NULL);
    CHECK("a timer for one thread", calls_reach(1) && taken_by[0] == thread->alive);
    thread->go = 1;
    bare_join(thread);
    timer_settime(timer, 0, &soon, NULL);
    usleep(10000);
    CHECK("that has gone", calls == 1 && timer_delete(timer) == 0);
}

/* --- a storm: every thread sends to the next and to all */

enum { STORM = 1000 };

static volatile unsigned long received;

static void count_received(int sig, siginfo_t *info, void *context) {
    (void)sig;
    (void)info;
    (void)context;
    __atomic_fetch_add(&received, 1, __ATOMIC_RELAXED);
}

static void send_storm(struct bare_thread *self) {
    siginfo_t info = { .si_code = SI_QUEUE };

    wait_to_go(self);
    while (self->count < STORM) {
        int to = bare_threads[(self->index + 1) % BARE_THREADS].alive;
        long sent = self->count % 2
                        ? syscall(SYS_rt_sigqueueinfo, getpid(), SIGRTMIN + 2, &info)
                        : syscall(SYS_rt_tgsigqueueinfo, getpid(), to, SIGRTMIN + 2, &info);
        self->count += sent == 0;
    }
    self->go = 0;
    wait_to_go(self);
}

static void test_storm(void) {
    handle(SIGRTMIN + 2, SA_RESTART, count_received);
    received = 0;
    for (int i = 0; i < BARE_THREADS; i++)
        bare_start(i, send_storm);
    for (int i = 0; i < BARE_THREADS; i++)
        bare_threads[i].go = 1;
    CHECK("a storm among threads: each arrives once", becomes(&received, BARE_THREADS * STORM));
    for (int i = 0; i < BARE_THREADS; i++) {
        while (bare_threads[i].go)
            usleep(200);
        bare_threads[i].go = 1;
        bare_join(&bare_threads[i]);
    }
    CHECK("and no more", received == BARE_THREADS * STORM);
}

int main(void) {
    test_receiver();
    test_hand_over();
    test_offer();
    test_own();
    test_storm();
    return check_done();
}
